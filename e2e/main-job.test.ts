// The main job through the command line: a real repository, a real sandbox, real git, and each provider's real client
// against a double of its wire that plays a model.

import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseScript } from '@slipway/agent/model/scripted/script'
import type { EventBody, EventOf, EventType, SessionEvent } from '@slipway/core/events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCliHome, type CliHome } from '../apps/cli/src/testing/cli-process.ts'
import type { ModelApi } from './doubles/models/brain.ts'
import { environmentFor } from './doubles/models/environment.ts'
import { playScript } from './doubles/models/play-script.ts'
import { startModelDouble } from './doubles/models/server.ts'
import { commitFile } from './doubles/github/make-repository.ts'
import { startGithubDouble } from './doubles/github/start-github-double.ts'
import { startGitlabDouble } from './doubles/gitlab/start-gitlab-double.ts'
import { createSampleProject, type SampleKind, type SampleProject } from './sample-projects/create-sample-project.ts'

const git = async (...args: string[]): Promise<string> => (await promisify(execFile)('git', args)).stdout.trim()

let cli: CliHome
beforeAll(async () => {
  cli = await openCliHome()
})
afterAll(() => cli.close())

const folderOf = (name: string): string => join(cli.home, '..', name)

/** The events that a run printed; what it said instead when it printed none. */
function eventsOf({ stdout, stderr }: { stdout: string; stderr: string }): SessionEvent[] {
  if (stdout === '') throw new Error(`no events were printed: ${stderr}`)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SessionEvent)
}

function only<T extends EventType>(events: SessionEvent[], type: T): EventOf<T>[] {
  return events.map((event) => event.body).filter((body: EventBody): body is EventOf<T> => body.type === type)
}

async function playing(api: ModelApi, project: SampleProject) {
  const parsed = parseScript(JSON.stringify(project.script), 'sample.json')
  if (!parsed.ok) throw new Error(parsed.message)
  const double = await startModelDouble({ api, brain: playScript(parsed.script) })
  return { double, ...environmentFor(api, double) }
}

const checksOf = (project: SampleProject): string[] => project.checks.flatMap((check) => ['--check', check])

describe('a task becomes a verified change request', () => {
  test.each<[kind: SampleKind, api: ModelApi]>([
    ['typescript', 'anthropic'],
    ['typescript', 'openai-responses'],
    ['python', 'google'],
    ['python', 'openai-chat'],
    ['c', 'ollama'],
    ['c', 'anthropic'],
  ])(
    'in a %s repository, with the model behind %s',
    async (kind, api) => {
      const project = await createSampleProject(kind, folderOf(`${kind}-${api}`))
      const { double, variables, model } = await playing(api, project)
      const run = await cli.run(
        [
          'run',
          '--repo',
          project.path,
          '--task',
          project.task,
          '--model',
          model,
          '--auto',
          '--sandbox',
          'bubblewrap',
          '--json',
          ...checksOf(project),
        ],
        variables,
      )
      await double.close()
      const events = eventsOf(run)
      expect([run.code, run.stderr, only(events, 'session-finished').map((end) => end.outcome)]).toEqual([0, '', ['verified']])

      // The tests failed, failed after the wrong change, and passed after the right one.
      expect(
        only(events, 'tool-finished')
          .filter((body) => body.facts['command'] === project.checks[0])
          .map((body) => body.ok),
      ).toEqual([false, false, true])
      // What counts is what Slipway ran itself, at the commit that was pushed.
      const [verification] = only(events, 'verification-finished')
      const [pushed] = only(events, 'branch-pushed')
      expect(verification).toMatchObject({ result: 'passed', oid: pushed?.oid, receipts: [{ command: project.checks[0], exitCode: 0 }] })
      expect(await git('-C', project.path, 'rev-parse', `refs/heads/${pushed?.branch}`)).toBe(pushed?.oid)
      expect(only(events, 'change-request-opened')).toHaveLength(1)
      // The model's key is nowhere in what was stored or said.
      expect(run.stdout).not.toContain(double.key)
      expect(double.requests.length).toBeGreaterThanOrEqual(9)
    },
    180_000,
  )
})

describe('GitHub', () => {
  test('gets exactly one pull request, though the answer to its creation was lost', async () => {
    const project = await createSampleProject('typescript', folderOf('on-github'))
    const token = 'github-double-token-for-tests-0001'
    const github = await startGithubDouble({ repositories: [{ slug: 'acme/cart', from: project.path }], token })
    github.fail({ method: 'POST', path: /\/pulls$/, fault: { kind: 'drop', when: 'after' } })
    const { double, variables, model } = await playing('anthropic', project)
    const environment = { ...variables, GITHUB_URL: github.url, GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN: token }
    const run = await cli.run(
      [
        'run',
        '--repo',
        `${github.url}/acme/cart`,
        '--task',
        project.task,
        '--model',
        model,
        '--auto',
        '--sandbox',
        'bubblewrap',
        '--json',
        ...checksOf(project),
      ],
      environment,
    )
    await double.close()
    const events = eventsOf(run)
    expect([run.code, run.stderr]).toEqual([0, ''])
    const pulls = github.pulls('acme/cart')
    expect(pulls).toHaveLength(1)
    const [pushed] = only(events, 'branch-pushed')
    expect(await git('--git-dir', github.repositoryPath('acme/cart'), 'rev-parse', `refs/heads/${pushed?.branch}`)).toBe(pushed?.oid)
    expect(run.stdout).not.toContain(token)
    await github.close()
  }, 180_000)
})

describe('GitLab', () => {
  test('gets one merge request by the project’s rules, though an answer was lost, and has it closed when the session is thrown away', async () => {
    const project = await createSampleProject('typescript', folderOf('on-gitlab'))
    const policy =
      'change_requests:\n  labels: [slipway]\n  reviewers: [{ names: [grace], paths: [src/**] }, { names: [ada], paths: [docs/**] }]\n'
    await mkdir(join(project.path, '.slipway'), { recursive: true })
    await commitFile(project.path, { path: '.slipway/policy.yaml', content: policy })
    const token = 'glpat-double-for-tests-0001'
    const path = 'acme/shop/cart'
    const gitlab = await startGitlabDouble({ projects: [{ path, from: project.path }], token, people: ['grace', 'ada'] })
    gitlab.fail({ method: 'POST', path: /\/merge_requests$/, fault: { kind: 'drop', when: 'after' } })
    const { double, variables, model } = await playing('anthropic', project)
    const environment = { ...variables, GITLAB_URL: gitlab.url, GITLAB_TOKEN: token }
    const wanted = ['--task', `${project.task} Fixes #3.`, '--model', model, '--auto', '--sandbox', 'bubblewrap', '--json']
    const run = await cli.run(['run', '--repo', `${gitlab.url}/${path}.git`, ...wanted, ...checksOf(project)], environment)
    await double.close()
    const events = eventsOf(run)
    expect([run.code, run.stderr]).toEqual([0, ''])
    const [merge, ...more] = gitlab.mergeRequests(path)
    expect(more).toEqual([])
    const [pushed] = only(events, 'branch-pushed')
    expect(merge).toMatchObject({ sourceBranch: pushed?.branch, state: 'opened', labels: ['slipway'], reviewers: ['grace'] })
    expect(merge?.title).not.toMatch(/^Draft/)
    expect(merge?.description).toContain('Closes #3')
    expect(await git('--git-dir', gitlab.repositoryPath(path), 'rev-parse', `refs/heads/${pushed?.branch}`)).toBe(pushed?.oid)
    expect(run.stdout).not.toContain(token)

    const away = await cli.run(['throw-away', events[0]?.sessionId ?? ''], environment)
    expect([away.code, away.stdout]).toEqual([0, expect.stringContaining('/-/merge_requests/1')])
    expect(merge?.state).toBe('closed')
    await gitlab.close()
  }, 180_000)
})
