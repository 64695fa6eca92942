// The runner: the one process of ours inside a sandbox. It does what frames on its standard input say and is trusted no
// more than the code beside it. usage: node main.cjs <work tree> [<proxy port> <proxy socket> | among-others]

import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { encodeFrame, frameReader } from '../protocol/frame.ts'
import { AMONG_OTHERS, type FromRunner, type RunnerFacts, type ToRunner } from '../protocol/messages.ts'
import { commands } from './commands.ts'
import { connections } from './connections.ts'
import { readFile, writeFile } from './files.ts'
import { fingerprint } from './fingerprint.ts'
import { listeningPorts } from './listening-ports.ts'
import { list, usage } from './listing.ts'
import { bridgeProxy } from './proxy-bridge.ts'
import type { SearchInput } from './search.ts'
import { searchInThread } from './search-thread.ts'

// What is made in the work tree is what a fresh machine makes, not what the host's umask allows.
process.umask(0o022)

const root = process.argv[2] as string
const proxyPort = Number(process.argv[3])
const proxySocket = process.argv[4]
const output = new Socket({ fd: 1, readable: false, writable: true })
const cancels = new Map<number, () => void>()

function send(message: FromRunner, bytes?: Uint8Array): void {
  output.write(encodeFrame(message as unknown as Record<string, unknown>, bytes))
}

const running = commands(root, send, { isAmongOthers: process.argv[3] === AMONG_OTHERS })
const connected = connections(send)

function handle(message: ToRunner, bytes: Uint8Array): void {
  switch (message.t) {
    case 'exec':
      return running.exec(message)
    case 'connect':
      return connected.open(message)
    case 'in':
      return streamOf(message.id).write(message.id, bytes)
    case 'in-end':
      return streamOf(message.id).endInput(message.id)
    case 'ack':
      return streamOf(message.id).acknowledge(message.id, message.n)
    case 'kill':
      return connected.has(message.id) ? connected.close(message.id) : running.kill(message.id)
    case 'cancel':
      return cancels.get(message.id)?.()
    case 'call': {
      void call(message, bytes).then(
        ({ bytes: content, ...result }) => send({ t: 'reply', id: message.id, result }, content),
        (error: Error) => send({ t: 'reply', id: message.id, result: { ok: false, problem: 'denied', message: error.message } }),
      )
    }
  }
}

/** A connection that has ended is answered like a command that has. */
function streamOf(id: number): Pick<typeof running, 'write' | 'endInput' | 'acknowledge'> {
  return connected.has(id) ? connected : running
}

type Reply = Record<string, unknown> & { bytes?: Uint8Array }

async function call(message: Extract<ToRunner, { t: 'call' }>, bytes: Uint8Array): Promise<Reply> {
  const args = message.args
  const path = String(args['path'] ?? '')
  switch (message.op) {
    case 'read':
      return readFile(root, path, { offset: Number(args['offset']), maxBytes: Number(args['maxBytes']) })
    case 'write':
      return writeFile(root, path, bytes, 'expectedSha' in args ? { expectedSha: args['expectedSha'] as string | null } : {})
    case 'list': {
      const listed = list(root, path, { depth: Number(args['depth']), limit: Number(args['limit']), all: args['all'] === true })
      return listed.ok ? { ok: true, truncated: listed.truncated, bytes: Buffer.from(JSON.stringify(listed.entries)) } : listed
    }
    case 'search': {
      const { result, cancel } = searchInThread({ ...(args as unknown as SearchInput), root })
      cancels.set(message.id, cancel)
      const found = await result.finally(() => cancels.delete(message.id))
      return found.ok ? { ok: true, truncated: found.truncated, bytes: Buffer.from(JSON.stringify(found.matches)) } : found
    }
    case 'usage': {
      const { bytes: used, files } = usage(root)
      return { ok: true, used, files }
    }
    case 'fingerprint': {
      const skip = (args['skip'] as string[] | undefined) ?? []
      return { ok: true, ...(fingerprint(root, { skip, maxEntries: Number(args['maxEntries']) }) ?? { hash: null }) }
    }
    case 'ports':
      return { ok: true, bytes: Buffer.from(JSON.stringify(listeningPorts(proxySocket ? proxyPort : 0))) }
    case 'oom-kills':
      return { ok: true, count: oomKills() }
  }
}

/** Where the container can see its own cgroup, version 2 or 1. */
function oomKills(): number {
  for (const path of ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control']) {
    try {
      return Number(/^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 0)
    } catch {
      /* not this version */
    }
  }
  return 0
}

function facts(): RunnerFacts {
  const status = readFileSync('/proc/self/status', 'utf8')
  const field = (name: string): string => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? ''
  return {
    uid: process.getuid?.() ?? -1,
    noNewPrivileges: field('NoNewPrivs'),
    seccomp: field('Seccomp'),
    effectiveCapabilities: field('CapEff'),
    boundingCapabilities: field('CapBnd'),
  }
}

async function start(): Promise<void> {
  if (proxySocket) await bridgeProxy(proxyPort, proxySocket)
  const read = frameReader()
  const input = new Socket({ fd: 0, readable: true, writable: false })
  input.on('data', (chunk: Buffer) => {
    for (const { message, bytes } of read(chunk)) handle(message as unknown as ToRunner, bytes)
  })
  // The host is gone, and with it the reason to be.
  input.on('close', () => process.exit(0))
  output.on('error', () => process.exit(0))
  send({ t: 'ready', facts: facts() })
}

void start()
