// The web application as its users have it: the real server in a process of its own, its pages in the system's Chromium.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { openCliHome, type CliHome, type Run } from '../../apps/cli/src/testing/cli-process.ts'
import { freePort } from '../free-port.ts'
import { waitForReact } from './wait-for-react.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** As long as anything is waited for in a test. */
const patienceMs = 60_000

export interface Web {
  url: string
  cli: CliHome
  /** Of the installation: an administrator for `call`. */
  token: string
  server: Run
  /** JSON in and out, as the installation's administrator. Throws when it is refused. */
  call(method: string, path: string, body?: unknown): Promise<unknown>
  /** A browser of its own: cookies and storage are shared with no other. */
  visit(options?: VisitOptions): Promise<Visit>
  close(): Promise<void>
}

interface VisitOptions {
  /** Signs in by the link that a server without mail shows. Left out: nobody is signed in. */
  as?: string
  width?: number
  height?: number
  theme?: 'light' | 'dark'
}

export interface Visit {
  page: Page
  context: BrowserContext
  /** Errors in the console, refusals by the Content-Security-Policy, exceptions, and requests to other servers. */
  problems: string[]
  close(): Promise<void>
}

/** Starts the server with the built pages (built now if they are old) and a browser. `variables`: its settings, or what makes them. */
export async function openWeb(variables: Record<string, string> | ((cli: CliHome) => Promise<Record<string, string>>) = {}): Promise<Web> {
  const cli = await openCliHome()
  const environment = typeof variables === 'function' ? await variables(cli) : variables
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = cli.start(['up'], { PORT: String(port), SLIPWAY_SANDBOX: 'bubblewrap', ...environment })
  const visits = new Set<Visit>()
  let browser: Browser | null = null

  async function close(): Promise<void> {
    for (const visit of visits) await visit.close()
    await browser?.close()
    server.child.kill('SIGTERM')
    await server.exited
    await cli.close()
  }

  try {
    await server.until(url)
    browser = await launchBrowser()
  } catch (error) {
    await close()
    throw error
  }
  const opened = browser
  const token = (await readFile(join(cli.home, 'api-token'), 'utf8')).trim()
  return {
    url,
    cli,
    token,
    server,
    call: (method, path, body) => call(url, token, { method, path, body }),
    async visit(options = {}) {
      const visit = await startVisit(opened, url, options)
      visits.add(visit)
      return visit
    },
    close,
  }
}

/** The system's Chromium, without a window. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })
}

/** Visits the server at `url`, which shows sign-in links because it has no mail. */
export async function startVisit(browser: Browser, url: string, options: VisitOptions): Promise<Visit> {
  const { width = 1440, height = 900, theme = 'light' } = options
  const context = await browser.newContext({ baseURL: url, viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' })
  context.setDefaultTimeout(patienceMs)
  context.on('page', waitForReact)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`${message.type()}: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) problems.push(`request to ${request.url()}`)
  })
  if (options.as !== undefined) await signIn(context, url, options.as)
  return { page, context, problems, close: () => context.close() }
}

async function signIn(context: BrowserContext, url: string, email: string): Promise<void> {
  const request = { data: { email }, headers: { origin: url }, timeout: 120_000 }
  const asked = await context.request.post(`${url}/api/auth/sign-in/magic-link`, request)
  const { shownLink } = (await asked.json()) as { shownLink: string | null }
  if (shownLink === null) throw new Error(`no link is shown: ${await asked.text()}`)
  await context.request.get(shownLink, { maxRedirects: 0 })
}

async function call(url: string, token: string, input: { method: string; path: string; body: unknown }): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1${input.path}`, {
    method: input.method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
  })
  if (!answer.ok) throw new Error(`${input.method} ${input.path} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}
