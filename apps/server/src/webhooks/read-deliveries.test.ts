import { createRequire } from 'node:module'
import { readGithubDelivery } from '@slipway/connectors/github/follow/read-github-delivery'
import { readGitlabDelivery } from '@slipway/connectors/gitlab/follow/read-gitlab-delivery'
import { describe, expect, test } from 'vitest'

type Example = Record<string, unknown> & { action?: string }
const require = createRequire(import.meta.url)
const examples = require('@octokit/webhooks-examples/api.github.com/index.json') as {
  name: string
  examples: Example[]
}[]
const example = (event: string, action: string): Example => {
  const found = examples.find(({ name }) => name === event)?.examples.find((one) => one.action === action)
  if (!found) throw new Error(`there is no example of ${event} ${action}`)
  return found
}

describe('GitHub’s own examples', () => {
  test('tell of issues, comments and changes, and of nothing else', () => {
    const kinds: Record<string, string> = {}
    for (const { name, examples: all } of examples)
      for (const body of all) kinds[name] = [kinds[name] ?? '', readGithubDelivery(name, body).kind].filter(Boolean).join(' ')
    expect(kinds['check_run']).toContain('change-request')
    expect(kinds['pull_request_review_comment']).toContain('change-request')
    expect(kinds['issue_comment']).toContain('issue')
    expect(kinds['star']).toMatch(/^(nothing ?)+$/)
    expect(kinds['repository']).toMatch(/^(nothing ?)+$/)
  })

  test('of an issue that is given a label, is assigned, or is written to', () => {
    expect(readGithubDelivery('issues', example('issues', 'labeled'))).toMatchObject({
      kind: 'issue',
      slug: expect.stringContaining('/'),
      number: expect.any(Number),
      labels: [expect.any(String)],
      by: { login: expect.any(String), isBot: expect.any(Boolean) },
    })
    expect(readGithubDelivery('issues', example('issues', 'assigned'))).toMatchObject({ kind: 'issue', assignees: [expect.any(String)] })
    expect(readGithubDelivery('issues', example('issues', 'edited'))).toEqual({ kind: 'nothing' })
    expect(readGithubDelivery('issue_comment', example('issue_comment', 'created'))).toMatchObject({
      kind: 'issue',
      comment: { ref: expect.stringMatching(/^github:issue-comment:\d+$/), text: expect.any(String) },
    })
    expect(readGithubDelivery('issue_comment', example('issue_comment', 'deleted'))).toEqual({ kind: 'nothing' })
  })
})

describe('GitLab', () => {
  const project = { path_with_namespace: 'group/below/clock' }
  const user = { username: 'rita' }
  const issue = (change: object) =>
    readGitlabDelivery({ object_kind: 'issue', object_attributes: { iid: 3, action: 'update' }, project, user, ...change })

  test('tells of labels and people that were not there before', () => {
    const labels = { previous: [{ title: 'bug' }], current: [{ title: 'bug' }, { title: 'slipway' }] }
    expect(issue({ changes: { labels } })).toMatchObject({ kind: 'issue', slug: 'group/below/clock', number: 3, labels: ['slipway'] })
    expect(issue({ changes: { assignees: { previous: [], current: [{ username: 'slipway' }] } } })).toMatchObject({
      assignees: ['slipway'],
    })
    expect(issue({ object_attributes: { iid: 3, action: 'open' }, labels: [{ title: 'slipway' }] })).toMatchObject({ labels: ['slipway'] })
    expect(issue({ object_attributes: { iid: 3, action: 'close' } })).toEqual({ kind: 'nothing' })
  })

  test('tells of comments by people, of pipelines and of merge requests', () => {
    const note = { id: 5, note: 'hi', system: false, action: 'create' }
    const read = (change: object) => readGitlabDelivery({ object_kind: 'note', object_attributes: note, project, user, ...change })
    expect(read({ issue: { iid: 3 } })).toMatchObject({ kind: 'issue', number: 3, comment: { ref: 'gitlab:note:5', text: 'hi' } })
    expect(read({ merge_request: { iid: 4 } })).toEqual({ kind: 'change-request', slug: 'group/below/clock', number: 4 })
    expect(read({ issue: { iid: 3 }, object_attributes: { ...note, system: true } })).toEqual({ kind: 'nothing' })
    expect(read({ object_kind: 'pipeline', merge_request: { iid: 4 } })).toMatchObject({ kind: 'change-request', number: 4 })
    expect(read({ object_kind: 'build' })).toMatchObject({ kind: 'change-request', number: null })
  })
})

test('whatever does not have the documented form tells nothing', () => {
  for (const body of [
    null,
    [],
    'text',
    {},
    { repository: {} },
    { repository: { full_name: 7 } },
    { object_kind: 'issue', project: null },
  ]) {
    expect(readGithubDelivery('issues', body)).toEqual({ kind: 'nothing' })
    expect(readGitlabDelivery(body)).toEqual({ kind: 'nothing' })
  }
})
