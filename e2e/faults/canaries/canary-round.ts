// One session of a host full of canaries, among parts that all repeat them, and everything that could hold one afterwards.

import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openDatabase } from '@slipway/store/database'
import { openCliHome, type CliHome } from '../../../apps/cli/src/testing/cli-process.ts'
import { git } from '../../doubles/github/git-command.ts'
import { startGithubDouble, type GithubDouble } from '../../doubles/github/start-github-double.ts'
import { startOauthDouble } from '../../doubles/oauth/start-oauth-double.ts'
import { startModelDouble } from '../../doubles/models/server.ts'
import { canaryBrain } from './canary-brain.ts'
import { canariesOf, drawSecrets, sentOf, type Canary, type HostSecrets } from './draw-canaries.ts'
import { hostileFiles } from './hostile-repository.ts'

export interface Round {
  /** Every form of every secret. */
  canaries: Canary[]
  /** Those that everything here repeats. */
  sent: Canary[]
  /** Everything that left the host's memory, by where it went. */
  places: Record<string, string>
}

const SLUG = 'acme/private'

export async function playRound({ random, round, serverUrl }: { random: () => number; round: number; serverUrl: string }): Promise<Round> {
  const vercel = await startOauthDouble({ provider: 'vercel' })
  const secrets = drawSecrets(random, vercel.grants.give({ id: 1, login: 'ada' }))
  const all = canariesOf(secrets)
  const canaries = sentOf(all, round)
  const cli = await openCliHome()
  await mkdir(cli.home, { recursive: true, mode: 0o700 })
  await writeFile(join(cli.home, 'api-token'), `${secrets.apiToken}\n`, { mode: 0o600 })
  const database = await openCanaryDatabase(serverUrl, secrets.databasePassword)
  const model = await startModelDouble({ api: 'anthropic', key: secrets.anthropic, brain: canaryBrain(canaries, random) })
  const github = await startGithubDouble({
    repositories: [{ slug: SLUG, from: await hostileRepository(cli, canaries), isPrivate: true }],
    token: secrets.github,
  })
  const variables = {
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: secrets.anthropic,
    OPENAI_API_KEY: secrets.openai,
    OPENAI_COMPATIBLE_BASE_URL: 'http://127.0.0.1:9/v1',
    OPENAI_COMPATIBLE_API_KEY: secrets.compatible,
    GOOGLE_GENERATIVE_AI_API_KEY: secrets.google,
    OLLAMA_BASE_URL: 'http://127.0.0.1:9',
    OLLAMA_API_KEY: secrets.ollama,
    GITHUB_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: secrets.github,
    ...servicesOf(secrets, vercel.url),
    DATABASE_URL: database.url,
    SLIPWAY_MODEL: 'anthropic/claude-sonnet-4-6',
    SLIPWAY_SANDBOX: 'bubblewrap',
    SLIPWAY_LOG_LEVEL: 'trace',
    PORT: '0',
  }
  try {
    sayOnTheForge(github, canaries, random)
    const session = await sessionThroughServer({ cli, variables, repository: `${github.url}/${SLUG}`, account: secrets.account })
    const commands = await runCommands(cli, variables, { id: session.id, github, canaries, random })
    return {
      canaries: all,
      sent: canaries,
      places: {
        ...session.places,
        ...commands,
        'requests to the model': model.requests.map(({ rawBody }) => rawBody).join('\n'),
        'requests to the forge': github.requests.map(({ path, body }) => `${path} ${JSON.stringify(body)}`).join('\n'),
        'pushed commits': await pushedText(github.repositoryPath(SLUG)),
        'the database': await database.dump(),
        'files of the home': (
          await promisify(execFile)('grep', ['-ra', '--exclude=api-token', '', cli.home], { maxBuffer: 1e9, encoding: 'latin1' })
        ).stdout,
      },
    }
  } finally {
    await vercel.close()
    await github.close()
    await model.close()
    await cli.close()
    await database.close()
  }
}

async function hostileRepository(cli: CliHome, canaries: Canary[]): Promise<string> {
  const path = join(cli.home, '..', 'hostile')
  for (const [name, text] of Object.entries(hostileFiles(canaries))) {
    await mkdir(join(path, name, '..'), { recursive: true })
    await writeFile(join(path, name), text)
  }
  await git(path, ['init', '--quiet', '--initial-branch=main'])
  await git(path, ['add', '--all'])
  await git(path, ['-c', 'user.name=x', '-c', 'user.email=x@example.org', 'commit', '--quiet', '-m', 'start'])
  return path
}

/** Refusals that end up in what the model, the people and the log are told; the time after, it works. */
function sayOnTheForge(github: GithubDouble, canaries: Canary[], random: () => number): void {
  const some = (count: number): string =>
    Array.from({ length: count }, () => canaries[Math.floor(random() * canaries.length)]?.form)
      .join(' and ')
      .replaceAll('\0', '')
  github.fail({ method: 'GET', path: /git-receive-pack/, fault: { kind: 'say', status: 403, message: `denied for ${some(3)}` } })
  github.fail({ method: 'POST', path: /\/pulls$/, fault: { kind: 'say', status: 422, message: `no such ${some(4)}` } })
}

/** What is set for services that this session has nothing to do with; nobody answers for them. */
function servicesOf(secrets: HostSecrets, vercelUrl: string): Record<string, string> {
  const nobody = 'http://127.0.0.1:9'
  return {
    GITHUB_CLIENT_ID: 'a',
    GITHUB_CLIENT_SECRET: secrets.githubClient,
    GITHUB_APP_ID: '1',
    GITHUB_APP_PRIVATE_KEY: secrets.githubApp,
    GITHUB_APP_WEBHOOK_SECRET: secrets.githubWebhook,
    GITLAB_URL: nobody,
    GITLAB_TOKEN: secrets.gitlab,
    GITLAB_CLIENT_ID: 'b',
    GITLAB_CLIENT_SECRET: secrets.gitlabClient,
    GITLAB_WEBHOOK_SECRET: secrets.gitlabWebhook,
    NOTION_API_URL: nobody,
    NOTION_TOKEN: secrets.notion,
    NOTION_CLIENT_ID: 'c',
    NOTION_CLIENT_SECRET: secrets.notionClient,
    NOTION_WEBHOOK_SECRET: secrets.notionWebhook,
    VERCEL_URL: vercelUrl,
    VERCEL_API_URL: vercelUrl,
    VERCEL_TOKEN: secrets.vercel,
    VERCEL_CLIENT_ID: 'd',
    VERCEL_CLIENT_SECRET: secrets.vercelClient,
    VERCEL_INTEGRATION: 'x',
    VERCEL_WEBHOOK_SECRET: secrets.vercelWebhook,
    GOOGLE_CLIENT_ID: 'e',
    GOOGLE_CLIENT_SECRET: secrets.googleClient,
    GOOGLE_ISSUER_URL: nobody,
    SMTP_URL: `smtp://slipway:${encodeURIComponent(secrets.mailPassword)}@127.0.0.1:9`,
    MAIL_FROM: 'Slipway <slipway@example.org>',
    SLIPWAY_SECRET_KEY: `${secrets.secretKey},${secrets.formerSecretKey}`,
  }
}

async function sessionThroughServer({
  cli,
  variables,
  repository,
  account,
}: {
  cli: CliHome
  variables: Record<string, string>
  repository: string
  account: string
}): Promise<{ id: string; places: Record<string, string> }> {
  const server = cli.start(['up'], variables)
  await server.until(/http:\/\/127\.0\.0\.1:\d+/)
  const base = /http:\/\/127\.0\.0\.1:\d+/.exec(server.stdout() + server.stderr())?.[0] ?? ''
  const token = (await readFile(join(cli.home, 'api-token'), 'utf8')).trim()
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const connected = await fetch(`${base}/api/v1/connections`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ provider: 'vercel', token: account }),
  })
  if (connected.status !== 201) throw new Error(`the account was not connected: ${await connected.text()}`)
  const created = await fetch(`${base}/api/v1/sessions`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ task: 'Do it', repository, autonomy: 'auto' }),
  })
  const { id } = (await created.json()) as { id: string }
  // A forge that refuses the account makes the session wait for a person to connect again: nothing is to do about it here.
  const goOn = async (askId: string): Promise<void> => {
    const body = JSON.stringify({ askId, decision: 'approve' })
    const answered = await fetch(`${base}/api/v1/sessions/${id}/answers`, { method: 'POST', headers, body })
    if (!answered.ok) throw new Error(`the session takes no answer: ${await answered.text()}`)
  }
  const viewed = await watchToTheEnd(`${base.replace('http', 'ws')}/api/v1/sessions/${id}/stream?after=0`, token, goOn)
  const answers: string[] = []
  for (const path of [
    '/sessions',
    `/sessions/${id}`,
    `/sessions/${id}/events`,
    ...['md', 'html', 'json'].map((format) => `/sessions/${id}/export?format=${format}`),
    '/connections',
    `/sessions/${id}/diff`,
    '/nothing',
  ])
    answers.push(await (await fetch(`${base}/api/v1${path}`, { headers })).text())
  server.child.kill('SIGTERM')
  const ended = await server.exited
  return {
    id,
    places: {
      'what a viewer gets': viewed,
      'answers of the API': answers.join('\n'),
      'the log of the server': ended.stdout + ended.stderr,
    },
  }
}

function watchToTheEnd(url: string, token: string, goOn: (askId: string) => Promise<void>): Promise<string> {
  const socket = new WebSocket(url, ['slipway', `bearer.${token}`])
  const messages: string[] = []
  const streams = new Map<string, string>()
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('the stream broke')))
    socket.addEventListener('message', ({ data }) => {
      messages.push(String(data))
      const { event, delta } = JSON.parse(String(data)) as {
        event?: { body: { type: string; kind?: string; askId?: string } }
        delta?: { callId: string; channel: string; offset: number; text: string }
      }
      if (delta) {
        const key = `${delta.callId} ${delta.channel}`
        streams.set(key, (streams.get(key) ?? '').slice(0, delta.offset) + delta.text)
      }
      if (event?.body.type === 'human-asked' && event.body.kind === 'continue') return void goOn(event.body.askId ?? '').catch(reject)
      if (event?.body.type !== 'session-finished' && event?.body.type !== 'human-asked') return
      socket.close()
      resolve([...messages.map(unescaped), ...streams.values()].join('\n'))
    })
  })
}

async function runCommands(
  cli: CliHome,
  variables: Record<string, string>,
  { id, github, canaries, random }: { id: string; github: GithubDouble; canaries: Canary[]; random: () => number },
): Promise<Record<string, string>> {
  const pick = (): string => (canaries[Math.floor(random() * canaries.length)]?.form ?? '').replaceAll('\0', '')
  github.fail({ path: /git-upload-pack/, fault: { kind: 'say', status: 403, message: `gone: ${pick()} ${pick()}` }, times: 3 })
  const runs: [string[], Record<string, string>?][] = [
    [['show', id]],
    [['show', id, '--diff']],
    [['export', id, '--format', 'json']],
    [['export', id, '--format', 'html']],
    [['follow', id, '--json']],
    [['run', '--repo', `${github.url}/${SLUG}`, '--task', 'again', '--auto']],
    [['sessions'], { DATABASE_URL: variables['DATABASE_URL']?.replace(/host=[^&]*/, 'host=/nowhere') ?? '' }],
  ]
  const said: Record<string, string> = {}
  for (const [args, changes] of runs) {
    const run = cli.start(args, { ...variables, ...changes })
    // Following goes on until somebody ends it.
    if (args[0] === 'follow') await run.until('session-finished').then(() => run.child.kill('SIGINT'))
    const { stdout, stderr } = await run.exited
    said[`slipway ${args[0]} ${args.at(-1)}`] = [stdout, stderr, ...stdout.split('\n').map(unescaped)].join('\n')
  }
  return said
}

/** JSON writes some forms in another way; both are looked at. */
function unescaped(line: string): string {
  try {
    const texts: string[] = [line]
    JSON.parse(line, (_, value: unknown) => (typeof value === 'string' && texts.push(value), value))
    return texts.join('\n')
  } catch {
    return line
  }
}

async function pushedText(gitDir: string): Promise<string> {
  const refs = await git(gitDir, ['for-each-ref', '--format=%(refname)'])
  return `${refs}\n${await git(gitDir, ['log', '-p', '--all', '--text', '--format=%B'])}`
}

interface CanaryDatabase {
  url: string
  dump(): Promise<string>
  close(): Promise<void>
}

async function openCanaryDatabase(serverUrl: string, password: string): Promise<CanaryDatabase> {
  const name = `canary_${randomUUID().slice(0, 8)}`
  const host = new URLSearchParams(serverUrl.split('?')[1]).get('host') ?? ''
  await query(serverUrl, `create database ${name}`)
  // The server trusts its socket; the password is there to be kept.
  const url = `postgres://slipway:${encodeURIComponent(password)}@localhost/${name}?host=${host}`
  return {
    url,
    async dump() {
      const tables = await query(
        url,
        `select format('%I.%I', schemaname, tablename) as text from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
      )
      const texts: string[] = []
      for (const { text } of tables) texts.push(...(await query(url, `select t::text as text from ${text} t`)).map((row) => row.text))
      texts.push(...(await query(url, `select body::text as text from events`)).map(({ text }) => unescaped(text)))
      texts.push(
        ...(await query(url, `select encode(bytes, 'escape') as text, bytes from blobs`)).map((row) => row.bytes.toString('latin1')),
      )
      return texts.join('\n')
    },
    close: async () => void (await query(serverUrl, `drop database ${name} with (force)`)),
  }
}

async function query(url: string, sql: string): Promise<{ text: string; bytes: Buffer }[]> {
  const opened = await openDatabase({ home: '/nonexistent', databaseUrl: url })
  if (!opened.ok) throw new Error(opened.message)
  try {
    return (await opened.database.pool.query<{ text: string; bytes: Buffer }>(sql)).rows
  } finally {
    await opened.database.close()
  }
}
