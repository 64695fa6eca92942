// The two forges' doubles behind one face: what people do there, and the deliveries that tell of it.

import { createHmac, randomUUID } from 'node:crypto'
import type { FaultOrder } from '../doubles/github/faults.ts'
import { git } from '../doubles/github/git-command.ts'
import { startGithubDouble } from '../doubles/github/start-github-double.ts'
import { startGitlabDouble } from '../doubles/gitlab/start-gitlab-double.ts'
import type { Talk } from '../doubles/talk.ts'

export interface PlayedForge {
  provider: 'github' | 'gitlab'
  /** For the server. */
  variables: Record<string, string>
  repositoryPath: string
  /** As people name it. */
  repositoryUrl: string
  talk: Talk
  changes(): { number: number; body: string; branch: string }[]
  issueLabelled(issue: { number: number; label: string; by: string }): Delivery
  issueCommented(comment: { number: number; id: number; body: string; by: string }): Delivery
  changeTouched(number: number): Delivery
  /** Merged by a person, and its branch deleted, as repositories may be set to do. */
  merge(number: number): Promise<void>
  fail(order: FaultOrder): void
  /** The server's token is refused from now on; returns another one of the same account. */
  replaceToken(): string
  close(): Promise<void>
}

export interface Delivery {
  path: string
  body: string
  headers: Record<string, string>
}

export const slug = 'acme/greeting'
const secret = 'webhook secret for tests'
const token = 'token-of-the-double-0001'
const nextToken = 'token-of-the-double-0002'

async function mergeAndDelete(forge: Pick<PlayedForge, 'changes' | 'repositoryPath'>, number: number, merge: () => Promise<void>) {
  await merge()
  const branch = forge.changes().find((change) => change.number === number)?.branch
  await git(forge.repositoryPath, ['update-ref', '-d', `refs/heads/${branch}`])
}

export async function playGithub(from: string): Promise<PlayedForge> {
  const github = await startGithubDouble({ repositories: [{ slug, from }], token })
  const repository = { full_name: slug }
  const sent = (event: string, payload: unknown): Delivery => {
    const body = JSON.stringify(payload)
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    const headers = { 'x-github-event': event, 'x-github-delivery': randomUUID(), 'x-hub-signature-256': `sha256=${signature}` }
    return { path: '/api/webhooks/github', body, headers }
  }
  const sender = (login: string) => ({ login, type: 'User' })
  const forge: PlayedForge = {
    provider: 'github',
    variables: { GITHUB_URL: github.url, GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN: token, GITHUB_APP_WEBHOOK_SECRET: secret },
    repositoryPath: github.repositoryPath(slug),
    repositoryUrl: `${github.url}/${slug}`,
    talk: github.talk(slug),
    changes: () => github.pulls(slug).map(({ number, body, head }) => ({ number, body: body ?? '', branch: head })),
    issueLabelled: ({ number, label, by }) =>
      sent('issues', { action: 'labeled', issue: { number }, label: { name: label }, repository, sender: sender(by) }),
    issueCommented: ({ number, id, body, by }) =>
      sent('issue_comment', {
        action: 'created',
        issue: { number },
        comment: { id, body, html_url: `${github.url}/${slug}/issues/${number}#issuecomment-${id}` },
        repository,
        sender: sender(by),
      }),
    changeTouched: (number) =>
      sent('pull_request', { action: 'synchronize', pull_request: { number }, repository, sender: sender('rita') }),
    merge: (number) => mergeAndDelete(forge, number, () => github.merge(slug, number)),
    fail: (order) => github.fail(order),
    replaceToken() {
      github.revoke(token)
      github.addToken({ token: nextToken, login: 'slipway-bot', contents: 'write', pullRequests: 'write' })
      return nextToken
    },
    close: () => github.close(),
  }
  return forge
}

/** Signed as Standard Webhooks are. */
export async function playGitlab(from: string): Promise<PlayedForge> {
  const gitlab = await startGitlabDouble({ projects: [{ path: slug, from }], token })
  const project = { path_with_namespace: slug }
  const sent = (event: string, payload: unknown): Delivery => {
    const body = JSON.stringify(payload)
    const id = randomUUID()
    const at = String(Math.floor(Date.now() / 1_000))
    const signature = createHmac('sha256', Buffer.from(secret)).update(`${id}.${at}.${body}`).digest('base64')
    const headers = { 'x-gitlab-event': event, 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` }
    return { path: '/api/webhooks/gitlab', body, headers }
  }
  const forge: PlayedForge = {
    provider: 'gitlab',
    variables: {
      GITLAB_URL: gitlab.url,
      GITLAB_TOKEN: token,
      GITLAB_WEBHOOK_SECRET: `whsec_${Buffer.from(secret).toString('base64')}`,
    },
    repositoryPath: gitlab.repositoryPath(slug),
    repositoryUrl: `${gitlab.url}/${slug}`,
    talk: gitlab.talk(slug),
    changes: () =>
      gitlab
        .mergeRequests(slug)
        .map(({ iid, description, sourceBranch }) => ({ number: iid, body: description ?? '', branch: sourceBranch })),
    issueLabelled: ({ number, label, by }) =>
      sent('Issue Hook', {
        object_kind: 'issue',
        object_attributes: { iid: number, action: 'update' },
        changes: { labels: { previous: [], current: [{ title: label }] } },
        project,
        user: { username: by },
      }),
    issueCommented: ({ number, id, body, by }) =>
      sent('Note Hook', {
        object_kind: 'note',
        object_attributes: { id, note: body, noteable_type: 'Issue', system: false, action: 'create' },
        issue: { iid: number },
        project,
        user: { username: by },
      }),
    changeTouched: (number) =>
      sent('Merge Request Hook', {
        object_kind: 'merge_request',
        object_attributes: { iid: number, action: 'update' },
        project,
        user: { username: 'rita' },
      }),
    merge: (number) => mergeAndDelete(forge, number, () => gitlab.merge(slug, number)),
    fail: (order) => gitlab.fail(order),
    replaceToken() {
      gitlab.revoke(token)
      gitlab.addToken({ token: nextToken, username: 'slipway-bot', scope: 'api' })
      return nextToken
    },
    close: () => gitlab.close(),
  }
  return forge
}
