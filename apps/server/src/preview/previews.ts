// The previews of one process: what listens in the sandboxes that it drives, applications that it started for people to look
// at, and the ways in.

import type { ConnectResult, LiveMessage, Sandbox } from '@slipway/core/ports'
import type { Runtime } from '../runtime.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { PreviewAddresses } from './addresses.ts'
import { type LocalPreview, type LocalView, startLocalPreview } from './local-preview.ts'
import { ENTER } from './preview-server.ts'
import type { Visit, Visits, VisitOf } from './visits.ts'
import { wakeSession } from './wake-session.ts'

export interface PreviewsView {
  isAvailable: boolean
  /** Why previews are not available here. */
  reason: string | null
  /** Whose sandbox is open: the agent's, the preview's own, or none. */
  sandbox: 'agent' | 'preview' | 'asleep'
  ports: number[]
  local: LocalView | null
}

export interface StartWanted {
  sessionId: string
  ownerId: string
  plan: { command: string; port: number | null } | null
}

/** Callers have made sure that the session is the person's. */
export interface Previews {
  /** For the policy of our own pages; null: they frame nothing. */
  frameSource: string | null
  show(sessionId: string): Promise<PreviewsView>
  /** Starts it unless it runs already. Throws SlipwayError when there are too many. */
  start(wanted: StartWanted): Promise<PreviewsView>
  stop(sessionId: string): Promise<PreviewsView>
  /** A way in that counts once. `watch` is told how to end the visit. */
  open(of: VisitOf & { path: string }, watch: (end: () => void) => () => void): { url: string }
  close(): Promise<void>
}

export interface OpenPreviewsInput {
  runtime: Pick<Runtime, 'ports' | 'store' | 'live' | 'settings' | 'workerId' | 'logger'>
  addresses: PreviewAddresses
  visits: Visits
}

const CONNECT_MS = 10_000
const PORTS_MS = 3_000
const MOST = 8
const MOST_OF_ONE = 3

export function openPreviews({ runtime, addresses, visits }: OpenPreviewsInput): Previews & {
  connect(visit: Visit): Promise<ConnectResult>
} {
  const { ports, store, live, settings, workerId, logger } = runtime
  const { clock, log, bus, ids } = ports
  const locals = new Map<string, { ownerId: string; preview: LocalPreview }>()

  function sandboxOf(sessionId: string): { sandbox: Sandbox; kind: 'agent' | 'preview' } | null {
    const own = locals.get(sessionId)?.preview.sandbox() ?? null
    if (own !== null) return { sandbox: own, kind: 'preview' }
    const agents = live.of(sessionId)
    return agents === null ? null : { sandbox: agents, kind: 'agent' }
  }

  /** null: it has ended. */
  async function portsOf(sessionId: string, sandbox: Sandbox): Promise<number[] | null> {
    try {
      return await Promise.race([sandbox.listeningPorts(), clock.sleep(PORTS_MS).then((): number[] => [])])
    } catch {
      live.forget(sessionId, sandbox)
      return null
    }
  }

  async function show(sessionId: string): Promise<PreviewsView> {
    const found = sandboxOf(sessionId)
    const open = found === null ? null : await portsOf(sessionId, found.sandbox)
    return {
      isAvailable: true,
      reason: null,
      sandbox: found === null || open === null ? 'asleep' : found.kind,
      ports: open ?? [],
      local: locals.get(sessionId)?.preview.view() ?? null,
    }
  }

  function refuseTooMany(ownerId: string): void {
    for (const [sessionId, { preview }] of locals) if (preview.isOver() && locals.size >= MOST) locals.delete(sessionId)
    const running = [...locals.values()].filter(({ preview }) => !preview.isOver())
    if (running.length >= MOST || running.filter((one) => one.ownerId === ownerId).length >= MOST_OF_ONE)
      throw new SlipwayError(
        'conflict',
        `There are ${running.length} previews running already. Stop one in its session, then start this one.`,
      )
  }

  /** For the log of the session: what a person can look at, and why not any more. */
  async function record(sessionId: string, { state, reason, command, origin }: LocalView): Promise<void> {
    if (state !== 'ready' && state !== 'failed' && state !== 'ended') return
    const at = new Date(clock.now()).toISOString()
    const body = {
      type: 'deployment-updated' as const,
      deploymentId: 'local-preview',
      target: 'local' as const,
      state,
      url: null,
      // What serves plain pages is ours, and says nothing to a person.
      message: state !== 'ready' ? reason : origin?.endsWith('.html') ? origin : command,
    }
    const event = { id: ids.next(), at, actor: { kind: 'system' as const, id: 'preview' }, body }
    await log.append({ sessionId, events: [event], expectedSeq: null, lease: null, wake: 'no' })
  }

  function begin({ sessionId, plan }: StartWanted): LocalPreview {
    const needs = {
      log,
      bus,
      clock,
      ids,
      leases: store.leases,
      workspaces: live.plain,
      workerId: `${workerId}-preview`,
      ...settings.worker,
    }
    const trouble = (error: unknown): void => logger.error({ err: error, sessionId }, 'preview failed')
    // Giving way to the agent and coming back is no news.
    let told: LocalView['state'] | null = null
    const preview = startLocalPreview({
      plan,
      clock,
      idleMs: settings.preview.idleMs,
      wake: (input) => wakeSession(needs, { ...input, sessionId }),
      onChange(view) {
        if (view.state === told) return
        if (view.state === 'ready' || view.state === 'failed' || view.state === 'ended') told = view.state
        record(sessionId, view).catch(trouble)
        if (view.state === 'failed' || view.state === 'ended') unsubscribe()
      },
      onTrouble: trouble,
    })
    const unsubscribe = bus.subscribe(sessionId, (message) => {
      if (message.kind === 'events') followRollBack(preview, message).catch(trouble)
    })
    return preview
  }

  /** What it shows is the tree that the session was left with; after a roll-back that is another one. */
  async function followRollBack(preview: LocalPreview, { sessionId, events }: LiveMessage & { kind: 'events' }): Promise<void> {
    const after = preview.atSeq()
    const fresh = events ?? (await log.read({ sessionId, after }))
    if (fresh.some(({ seq, body }) => seq > after && body.type === 'checkpoint-restored')) preview.again()
  }

  return {
    frameSource: addresses.frameSource,
    show,
    async start(wanted) {
      const known = locals.get(wanted.sessionId)
      if (known === undefined || known.preview.isOver()) {
        refuseTooMany(wanted.ownerId)
        locals.set(wanted.sessionId, { ownerId: wanted.ownerId, preview: begin(wanted) })
      } else known.preview.touch()
      return show(wanted.sessionId)
    },
    async stop(sessionId) {
      await locals.get(sessionId)?.preview.stop('A person stopped it.')
      return show(sessionId)
    },
    open({ path, ...of }, watch) {
      const { label, ticket } = visits.invite(of, watch)
      return { url: `${addresses.originOf(label)}${ENTER}?${new URLSearchParams({ ticket, to: path })}` }
    },
    async connect({ sessionId, port }) {
      locals.get(sessionId)?.preview.touch()
      const found = sandboxOf(sessionId)
      if (found === null) return asleep
      try {
        return await found.sandbox.connect({ port, timeoutMs: CONNECT_MS })
      } catch {
        live.forget(sessionId, found.sandbox)
        return asleep
      }
    },
    async close() {
      visits.close()
      await Promise.all([...locals.values()].map(({ preview }) => preview.stop('The server was stopped.')))
    },
  }
}

const asleep: ConnectResult = {
  ok: false,
  kind: 'refused',
  message: 'The sandbox of this session is asleep. Start the preview in its Preview tab, then reload.',
}

/** Where there are none, and why. */
export function noPreviews(reason: string): Previews {
  const view: PreviewsView = { isAvailable: false, reason, sandbox: 'asleep', ports: [], local: null }
  const refuse = (): never => {
    throw new SlipwayError('not-configured', reason)
  }
  return {
    frameSource: null,
    show: async () => view,
    start: async () => refuse(),
    stop: async () => view,
    open: refuse,
    close: async () => undefined,
  }
}
