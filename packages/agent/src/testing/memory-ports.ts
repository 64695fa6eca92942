// Ports in memory, for tests of the loop itself. The log keeps the rules of the real one: expected head, fence, all or nothing.
// Whole-product tests use the real parts; here the point is to stop the world between any two appends.

import type { EventBody, SessionEvent } from '@slipway/core/events'
import type { AppendInput, AppendResult, ChangeRequest, Forge, Lease, LiveMessage, ModelResult, Ports, Sandbox } from '@slipway/core/ports'
import { SandboxLost } from '@slipway/core/ports'
import { created } from '@slipway/core/testing/log-builder'

export type Answer = (request: Parameters<Ports['model']['call']>[0], signal: AbortSignal) => Promise<ModelResult> | ModelResult

export interface World {
  ports: Ports
  events: SessionEvent[]
  lease: Lease
  /** What happened outside: one line per effect. */
  outside: string[]
  files: Map<string, string>
  messages: LiveMessage[]
  /** Appends as a person would. */
  say(body: EventBody): Promise<void>
  /** Another worker takes the session: older leases are refused from now on. */
  takeOver(): Lease
  /** Called before each append; may throw to simulate a crash. */
  beforeAppend: (bodies: EventBody[]) => void
  /** Called after each append is durable; may throw. */
  afterAppend: (bodies: EventBody[]) => void
}

/** A world with one new session in it, whose model answers by `answer`. */
export function memoryWorld(answer: Answer, session: Partial<typeof created> = {}): World {
  const events: SessionEvent[] = []
  const listeners = new Set<(message: LiveMessage) => void>()
  const blobs = new Map<string, Uint8Array>()
  const effects = new Map<string, { answer: unknown; isDone: boolean }>()
  const changeRequests: ChangeRequest[] = []
  const pushed = new Map<string, string>()
  let fence = 1
  let nextId = 0
  let checkpoints = new Map<string, Map<string, string>>()
  let lastTree = ''

  const append = (input: AppendInput): AppendResult => {
    if (input.lease && input.lease.fence !== fence) return { ok: false, kind: 'fenced' }
    if (input.expectedSeq !== null && input.expectedSeq !== events.length) return { ok: false, kind: 'conflict', head: events.length }
    const stored = input.events.map(
      (event, index): SessionEvent => ({ ...structuredClone(event), sessionId: 's1', seq: events.length + index + 1, version: 1 }),
    )
    events.push(...stored)
    return { ok: true, events: stored }
  }

  const publish = (message: LiveMessage): void => {
    world.messages.push(message)
    for (const listener of listeners) listener(message)
  }

  const treeOf = (): string => JSON.stringify([...world.files].sort())

  const sandbox: Sandbox = {
    id: 'sandbox',
    backend: 'process',
    root: '/work',
    async exec(spec) {
      const command = spec.argv.at(-1) ?? ''
      if (command === 'die') throw new SandboxLost('sandbox', 'it died')
      world.outside.push(`exec ${command}`)
      await spec.onOutput?.(new TextEncoder().encode(`ran ${command}\n`), 'stdout')
      return { exitCode: command === 'false' ? 1 : 0, killed: null, ms: 1 }
    },
    start: () => Promise.reject(new Error('not used')),
    async readFile(path) {
      const content = world.files.get(path)
      if (content === undefined) return { ok: false, problem: 'missing', message: 'missing' }
      const bytes = new TextEncoder().encode(content)
      return { ok: true, bytes, totalBytes: bytes.length, sha: content }
    },
    async writeFile(path, bytes, { expectedSha }) {
      const before = world.files.get(path)
      if (expectedSha !== undefined && (before ?? null) !== expectedSha) return { ok: false, problem: 'changed', message: 'changed' }
      const content = new TextDecoder().decode(bytes)
      world.files.set(path, content)
      world.outside.push(`write ${path}`)
      return { ok: true, sha: content, created: before === undefined }
    },
    list: async () => ({
      ok: true,
      entries: [...world.files.keys()].map((path) => ({ path, kind: 'file' as const, bytes: 1 })),
      truncated: false,
    }),
    search: async () => ({ ok: true, matches: [], truncated: false }),
    async checkpoint() {
      const tree = treeOf()
      const changed = tree !== lastTree
      lastTree = tree
      checkpoints = new Map(checkpoints).set(tree, new Map(world.files))
      return { checkpoint: tree, treeHash: tree, changed, ms: 1 }
    },
    restore: async () => ({ ok: true, treeHash: lastTree }),
    connect: async () => ({ ok: false, kind: 'impossible', message: 'not in this sandbox' }),
    listeningPorts: async () => [],
    setEgress: async () => undefined,
    close: async () => undefined,
  }

  const forge: Forge = {
    prepare: async () => ({ ok: true, baseBranch: 'main', baseOid: 'b'.repeat(40) }),
    async push({ branch, oid }) {
      const alreadyThere = pushed.get(branch) === oid
      if (!alreadyThere) world.outside.push(`push ${branch} ${oid.slice(0, 4)}`)
      pushed.set(branch, oid)
      return { ok: true, alreadyThere }
    },
    findChangeRequest: async ({ branch }) => ({
      ok: true,
      changeRequest: changeRequests.find((change) => change.branch === branch) ?? null,
    }),
    async openChangeRequest({ branch, base, title, draft }) {
      if (!pushed.has(branch)) return { ok: false, problem: 'refused', message: 'no such branch', retryAfterMs: null }
      const existing = changeRequests.find((change) => change.branch === branch)
      if (existing) return { ok: true, changeRequest: existing, alreadyThere: true }
      const changeRequest: ChangeRequest = {
        number: changeRequests.length + 1,
        url: `local#${changeRequests.length + 1}`,
        branch,
        base,
        draft,
        state: 'open',
        title,
      }
      changeRequests.push(changeRequest)
      world.outside.push(`open ${branch}`)
      return { ok: true, changeRequest, alreadyThere: false }
    },
    async updateChangeRequest({ number, title, draft }) {
      const found = changeRequests.find((change) => change.number === number)
      if (!found) return { ok: false, problem: 'not-found', message: 'gone', retryAfterMs: null }
      Object.assign(found, { title, draft })
      return { ok: true, changeRequest: found }
    },
    async markChangeRequest({ number, labels, reviewers }) {
      world.outside.push(`mark ${number} ${[...labels, ...reviewers.map((name) => `@${name}`)].join(' ')}`)
      return { ok: true, missing: [] }
    },
    async closeChangeRequest({ number }) {
      const found = changeRequests.find((change) => change.number === number)
      if (!found) return { ok: false, problem: 'not-found', message: 'gone', retryAfterMs: null }
      found.state = 'closed'
      return { ok: true, changeRequest: found }
    },
  }

  const world: World = {
    events,
    outside: [],
    files: new Map([['src/sum.js', 'export const sum = (a, b) => a - b\n']]),
    messages: [],
    lease: { sessionId: 's1', workerId: 'w1', fence },
    takeOver: () => (world.lease = { sessionId: 's1', workerId: `w${fence + 1}`, fence: ++fence }),
    beforeAppend: () => undefined,
    afterAppend: () => undefined,
    async say(body) {
      const result = append({
        sessionId: 's1',
        events: [{ id: `p${++nextId}`, at: now(), actor: { kind: 'person', id: 'owner' }, body }],
        expectedSeq: null,
        lease: null,
        wake: 'now',
      })
      if (result.ok) publish({ kind: 'events', sessionId: 's1', head: events.length, events: result.events })
    },
    ports: {
      clock: { now: () => Date.parse('2026-01-01T00:00:00Z') + events.length * 1_000, sleep: (_ms, signal) => sleepUntilAborted(signal) },
      ids: { next: () => `id${++nextId}` },
      log: {
        async append(input) {
          const bodies = input.events.map((event) => event.body)
          world.beforeAppend(bodies)
          const result = append(input)
          if (result.ok) {
            publish({ kind: 'events', sessionId: 's1', head: events.length, events: result.events })
            world.afterAppend(bodies)
          }
          return result
        },
        read: async ({ after }) => structuredClone(events.slice(after)),
      },
      blobs: {
        async put(bytes) {
          const key = `blob${blobs.size}`
          blobs.set(key, bytes)
          return key
        },
        get: async (key) => blobs.get(key) ?? null,
      },
      bus: {
        publish,
        subscribe(_session, listener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
      budgets: { reserve: async () => ({ ok: true }), settle: async () => undefined },
      effects: {
        async intend({ key }) {
          const known = effects.get(key)
          if (known?.isDone) return { done: true, answer: known.answer }
          effects.set(key, { answer: null, isDone: false })
          return { done: false, wasIntended: known !== undefined }
        },
        finish: async ({ key, answer: given }) => void effects.set(key, { answer: given, isDone: true }),
      },
      model: {
        describe: async (model) => ({
          ok: true,
          description: {
            model,
            provider: 'scripted',
            hasTools: true,
            contextWindow: 200_000,
            maxOutputTokens: 16_000,
            price: null,
            isScripted: true,
          },
        }),
        call: async (request, { signal }) => answer(request, signal),
      },
      workspaces: {
        describe: async () => ({ setup: [], checks: ['npm test'], mcp: {}, problems: [] }),
        async open({ checkpoint }) {
          const tree = checkpoint === null ? undefined : checkpoints.get(checkpoint)
          if (tree) world.files = new Map(tree)
          return { ok: true, workspace: { sandbox, setup: null, restoredFrom: checkpoint ?? 'base', takenBackTo: null, ms: 1 } }
        },
      },
      repositories: {
        readFile: async () => null,
        listFiles: async () => ({ paths: [...world.files.keys()], truncated: false }),
        recentCommits: async () => ['abc first'],
        bundle: () => {
          throw new Error('not used')
        },
      },
      forges: { for: () => ({ ok: true, forge }) },
      airlock: {
        async offer() {
          const content = `${world.files.get('src/sum.js') ?? ''}${world.files.get('from-base.txt') ?? ''}`
          const oid = [...content]
            .reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 0xffffffff, 7)
            .toString(16)
            .padStart(40, 'c')
          return { ok: true, commit: { oid, subject: 'fix', files: [{ path: 'src/sum.js', added: 1, removed: 1 }], warnings: [] } }
        },
        async takeIn({ base }) {
          world.outside.push(`take in ${base}`)
          world.files.set('from-base.txt', 'new\n')
          return { ok: true, isContained: false, conflicts: [] }
        },
        scan: async () => ({ result: 'clean', findings: [], scannedBytes: 1, ms: 1 }),
        async verify() {
          const passes = world.files.get('src/sum.js')?.includes('a + b') ?? false
          world.outside.push(`verify ${passes}`)
          return {
            result: passes ? 'passed' : 'failed',
            receipts: [{ command: 'npm test', exitCode: passes ? 0 : 1, killed: null, ms: 1, outputSha: 'x', tail: 'tail' }],
            ms: 1,
          }
        },
        diff: async () => '',
      },
    },
  }
  append({
    sessionId: 's1',
    events: [{ id: 'e1', at: now(), actor: { kind: 'person', id: 'owner' }, body: { ...created, ...session } }],
    expectedSeq: 0,
    lease: null,
    wake: 'now',
  })
  return world
}

const now = (): string => '2026-01-01T00:00:00.000Z'

/** The test's clock never passes by itself: a sleep ends when somebody wakes it. */
function sleepUntilAborted(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (!signal) return resolve()
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** An answer with tool calls, or with text alone. */
export function answerWith(text: string, ...calls: [callId: string, tool: string, input: Record<string, unknown>][]): ModelResult {
  return {
    ok: true,
    content: [{ type: 'text', text }, ...calls.map(([callId, tool, input]) => ({ type: 'tool-call' as const, callId, tool, input }))],
    finish: calls.length > 0 ? 'tool-calls' : 'stop',
    usage: { inputTokens: 100, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 10, reasoningTokens: 0 },
    firstTokenMs: 1,
    ms: 2,
  }
}
