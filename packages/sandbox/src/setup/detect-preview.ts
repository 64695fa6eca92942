// Reads from a work tree's files how its application is started. Pure: contents in, a command out.

import type { Files } from './detect.ts'
import { ENVIRONMENT_PATH, parseEnvironment } from './environment.ts'

export interface PreviewPlan {
  /** A shell command that keeps running. */
  command: string
  /** Where it will listen; null: wherever a port opens. */
  port: number | null
  /** Where the command comes from, for people. */
  origin: string
}

/** Told to the command as PORT; many programs listen there when nothing else is said. */
export const PREVIEW_PORT = 3000
const STATIC_PORT = 4173
/** The runner's own files, as seen inside. */
const STATIC_SERVER = 'node /opt/slipway/static-server.cjs'

const SCRIPTS = ['dev', 'start', 'preview', 'serve']
const PAGES = ['index.html', 'public/index.html', 'dist/index.html', 'build/index.html', 'out/index.html', 'docs/index.html']

/** What `detectPreview` looks at. */
export const PREVIEW_FILES = [ENVIRONMENT_PATH, 'package.json', 'pnpm-lock.yaml', 'yarn.lock', ...PAGES]

/** What a repository says itself comes first, then the scripts of package.json, then pages that only need to be served. */
export function detectPreview(files: Files): { ok: true; plan: PreviewPlan } | { ok: false; message: string } {
  const environment = parseEnvironment(files.get(ENVIRONMENT_PATH) ?? '')
  if (!environment.ok) return { ok: false, message: environment.problems.join('\n') }
  const { preview } = environment.environment
  if (preview !== null) return { ok: true, plan: { ...preview, origin: ENVIRONMENT_PATH } }
  const script = scriptOf(files)
  if (script !== null) return { ok: true, plan: { command: `${runnerOf(files)} ${script}`, port: null, origin: 'package.json' } }
  const page = PAGES.find((path) => files.has(path))
  if (page === undefined)
    return {
      ok: false,
      message: `Nothing says how this project is started: it has no ${SCRIPTS.slice(0, 3).join(', ')} script in package.json and no index.html. Add \`preview: { command: …, port: … }\` to ${ENVIRONMENT_PATH}, or name a command here.`,
    }
  const folder = page.includes('/') ? page.slice(0, page.indexOf('/')) : '.'
  return { ok: true, plan: { command: `${STATIC_SERVER} ${folder} ${STATIC_PORT}`, port: STATIC_PORT, origin: page } }
}

function scriptOf(files: Files): string | null {
  try {
    const manifest = JSON.parse(files.get('package.json') ?? '{}') as { scripts?: Record<string, unknown> } | null
    return SCRIPTS.find((name) => typeof manifest?.scripts?.[name] === 'string') ?? null
  } catch {
    return null
  }
}

function runnerOf(files: Files): string {
  if (files.has('pnpm-lock.yaml')) return 'npx --yes pnpm@10 run'
  if (files.has('yarn.lock')) return 'npx --yes yarn run'
  return 'npm run'
}
