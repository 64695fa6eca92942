import { expect, test } from 'vitest'
import { detectPreview } from './detect-preview.ts'

const scripts = (...names: string[]): string => JSON.stringify({ scripts: Object.fromEntries(names.map((name) => [name, 'node x.js'])) })

test.each([
  [
    'what the repository says',
    { '.slipway/environment.yaml': 'preview: { command: make serve, port: 8080 }', 'package.json': scripts('dev') },
    'make serve',
    8080,
  ],
  ['a command without a port', { '.slipway/environment.yaml': 'preview: { command: make serve }' }, 'make serve', null],
  ['the dev script', { 'package.json': scripts('preview', 'start', 'dev') }, 'npm run dev', null],
  ['the start script', { 'package.json': scripts('preview', 'start') }, 'npm run start', null],
  ['the package manager of the lock file', { 'package.json': scripts('dev'), 'pnpm-lock.yaml': '' }, 'npx --yes pnpm@10 run dev', null],
  ['a page', { 'index.html': '', 'package.json': scripts('test') }, 'node /opt/slipway/static-server.cjs . 4173', 4173],
  ['a page in a folder', { 'public/index.html': '' }, 'node /opt/slipway/static-server.cjs public 4173', 4173],
])('%s starts the preview', (_, files, command, port) => {
  expect(detectPreview(new Map(Object.entries(files)))).toMatchObject({ ok: true, plan: { command, port } })
})

test.each([
  ['nothing at all', {}, 'no index.html'],
  ['a package.json that is none', { 'package.json': '[1' }, 'no index.html'],
  ['a broken environment file', { '.slipway/environment.yaml': 'preview: 3', 'package.json': scripts('dev') }, 'preview must be'],
  ['a port that is none', { '.slipway/environment.yaml': 'preview: { command: x, port: 70000 }' }, 'preview must be'],
])('%s is said in words', (_, files, words) => {
  const found = detectPreview(new Map(Object.entries(files)))
  expect(found.ok ? found.plan : found.message).toContain(words)
})
