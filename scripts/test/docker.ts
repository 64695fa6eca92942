// Makes Docker usable for the tests: a daemon when none answers and we may start one, and the image of the sandboxes.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './checks.ts'

export interface DockerForTests {
  /** null: usable. */
  problem: string | null
  /** Ends the daemon if it was started here. */
  stop(): Promise<void>
}

const IMAGE = 'slipway-sandbox:local'
const START_DEADLINE_MS = 60_000
/** Sandboxes have no network of Docker's making, so the daemon leaves the machine's alone. */
const DAEMON = ['--iptables=false', '--ip6tables=false', '--bridge=none', '--ip-forward=false']

export async function prepareDocker(): Promise<DockerForTests> {
  const daemon = isAnswering() ? nothingStarted : await startDaemon()
  return daemon.problem === null ? { ...daemon, problem: await ensureImage() } : daemon
}

const nothingStarted: DockerForTests = { problem: null, stop: async () => undefined }

async function startDaemon(): Promise<DockerForTests> {
  const failed = (problem: string): DockerForTests => ({ ...nothingStarted, problem })
  if (process.getuid?.() !== 0) return failed('no Docker daemon answers, and only root may start one')
  console.log('starting a Docker daemon for the time of the tests …')
  const folder = mkdtempSync(join(tmpdir(), 'slipway-dockerd-'))
  const log = openSync(join(folder, 'log'), 'a')
  const child = spawn('dockerd', DAEMON, { stdio: ['ignore', log, log] })
  closeSync(log)
  const ended = new Promise<void>((resolve) => {
    child.on('error', () => resolve())
    child.on('exit', () => resolve())
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const deadline = Date.now() + START_DEADLINE_MS
  while (child.exitCode === null && child.pid !== undefined && Date.now() < deadline) {
    if (isAnswering()) return { problem: null, stop }
    await Promise.race([sleep(200), ended])
  }
  const said = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').slice(-3).join('\n')
  await stop()
  return failed(`the Docker daemon did not start: ${said || 'dockerd is not installed'}`)
}

function isAnswering(): boolean {
  return docker('version', '--format', '{{.Server.Version}}').status === 0
}

/** The image carries a second tag made of its recipe, so that it is built again when the recipe changes. */
async function ensureImage(): Promise<string | null> {
  const recipe = join(root, 'deploy/sandbox-image/build')
  const tag = `slipway-sandbox:recipe-${createHash('sha256').update(readFileSync(recipe)).digest('hex').slice(0, 12)}`
  if (docker('image', 'inspect', tag).status === 0) return docker('tag', tag, IMAGE).status === 0 ? null : 'docker tag failed'
  console.log(`building the sandbox image ${IMAGE} (once; some minutes) …`)
  const built = await build(recipe)
  if (built.exitCode !== 0) return `the sandbox image could not be built: ${built.said.trim().split('\n').slice(-3).join('\n')}`
  docker('tag', IMAGE, tag)
  return null
}

function build(recipe: string): Promise<{ exitCode: number | null; said: string }> {
  return new Promise((done) => {
    const child = spawn(recipe, [IMAGE], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    child.on('error', (error) => done({ exitCode: null, said: error.message }))
    child.on('close', (exitCode) => done({ exitCode, said }))
  })
}

function docker(...args: string[]) {
  return spawnSync('docker', args, { stdio: 'ignore', timeout: 30_000 })
}
