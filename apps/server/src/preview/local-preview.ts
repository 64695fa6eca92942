// One application that runs for people to look at: in the sandbox of its session while the agent rests, from the command
// until nobody looks any more. When the agent goes on it gives way, and starts again afterwards.

import { type Clock, type Sandbox, SandboxLost } from '@slipway/core/ports'
import type { PreviewPlan } from '@slipway/sandbox/setup/detect-preview'
import { type Application, endOf, planPreview, startApplication } from './start-application.ts'
import type { Woken, WakeInput } from './wake-session.ts'

/** starting: on its way. waiting: for the agent to rest. ready: it listens. failed, ended: it does not run. */
export type LocalState = 'starting' | 'waiting' | 'ready' | 'failed' | 'ended'

export interface LocalView {
  state: LocalState
  command: string | null
  /** Where the command comes from. */
  origin: string | null
  port: number | null
  /** What happens now, while it is starting or waiting. */
  waitsFor: string | null
  deadlineAt: string | null
  /** Why it failed or ended. */
  reason: string | null
  /** The last of what the command printed. */
  tail: string
  /** When the command was started last, or before that the preview itself. */
  startedAt: string
}

export interface LocalPreview {
  view(): LocalView
  /** Where it runs now. */
  sandbox(): Sandbox | null
  isOver(): boolean
  /** Of the last event that the shown tree follows; 0 as long as none is shown. */
  atSeq(): number
  /** Somebody looks at it. */
  touch(): void
  /** The work tree is another one now: starts from it, unless it is over. */
  again(): void
  /** Resolves when its sandbox is asleep again. */
  stop(reason: string): Promise<void>
}

export interface LocalPreviewInput {
  /** null: found out from the files of the work tree. */
  plan: Pick<PreviewPlan, 'command' | 'port'> | null
  clock: Clock
  wake(input: Omit<WakeInput, 'sessionId'>): Promise<Woken>
  idleMs: number
  startMs?: number
  retryMs?: number
  /** Once for each new state. */
  onChange(view: LocalView): void
  onTrouble(error: unknown): void
}

const START_MS = 180_000
const RETRY_MS = 1_000
const LOOK_MS = 5_000
const TAIL_CHARS = 12_000
/** A sandbox that ends this often without the agent having come is ended by what runs in it. */
const MOST_LOSSES = 3

export function startLocalPreview(input: LocalPreviewInput): LocalPreview {
  const { clock, startMs = START_MS, retryMs = RETRY_MS } = input
  const stopped = new AbortController()
  let why = ''
  let usedAt = clock.now()
  let sandbox: Sandbox | null = null
  let atSeq = 0
  let losses = 0
  /** Ends what shows the tree of now, and not the preview. */
  let round = new AbortController()
  let view: LocalView = {
    state: 'starting',
    command: input.plan?.command ?? null,
    origin: null,
    port: input.plan?.port ?? null,
    waitsFor: 'starting the sandbox',
    deadlineAt: null,
    reason: null,
    tail: '',
    startedAt: isoAt(clock.now()),
  }

  function change(next: Partial<LocalView>): void {
    const isNew = next.state !== undefined && next.state !== view.state
    view = { ...view, ...next }
    if (isNew) input.onChange(view)
  }

  const inMs = (ms: number): string => isoAt(clock.now() + ms)
  const print = (text: string): void => void (view = { ...view, tail: (view.tail + text).slice(-TAIL_CHARS) })
  const finish = (state: 'failed' | 'ended', reason: string): void => change({ state, reason, waitsFor: null, deadlineAt: null })

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      change({ state: view.state === 'waiting' ? 'waiting' : 'starting', waitsFor: 'starting the sandbox', deadlineAt: inMs(startMs) })
      round = new AbortController()
      const signal = AbortSignal.any([stopped.signal, round.signal])
      const woken = await input.wake({
        signal,
        onPhase: (text, deadlineMs) => change({ state: 'starting', waitsFor: text, deadlineAt: inMs(deadlineMs) }),
        onOutput: print,
      })
      if (woken.ok) {
        atSeq = woken.atSeq
        if (await runIn(woken.sandbox, signal)) return
      } else if (round.signal.aborted) continue
      else if (woken.kind === 'busy') {
        losses = 0
        change({
          state: 'waiting',
          waitsFor: 'waiting for the agent, which works in this sandbox now',
          deadlineAt: isoAt(usedAt + input.idleMs),
        })
        await clock.sleep(retryMs, stopped.signal)
      } else return finish('failed', woken.message)
    }
  }

  /** False when the sandbox went away under it, or its tree is no longer the session's. */
  async function runIn(opened: Sandbox, signal: AbortSignal): Promise<boolean> {
    sandbox = opened
    try {
      await application(opened, signal)
      return !round.signal.aborted
    } catch (error) {
      if (round.signal.aborted) return false
      if (!(error instanceof SandboxLost)) throw error
      losses += 1
      if (losses < MOST_LOSSES) return stopped.signal.aborted
      finish('failed', `The sandbox ended again and again while the application ran in it: ${error.message}`)
      return true
    } finally {
      sandbox = null
      await opened.close({ deleteWorkspace: false }).catch(() => undefined)
    }
  }

  async function application(opened: Sandbox, signal: AbortSignal): Promise<void> {
    const planned = input.plan === null ? await planPreview(opened) : { ok: true as const, plan: { ...input.plan, origin: 'a person' } }
    if (signal.aborted) return
    if (!planned.ok) return finish('failed', planned.message)
    const { command, origin, port } = planned.plan
    change({
      state: 'starting',
      command,
      origin,
      port,
      waitsFor: 'waiting for the application to listen',
      deadlineAt: inMs(startMs),
      tail: '',
      startedAt: inMs(0),
    })
    const started = await startApplication({
      sandbox: opened,
      plan: planned.plan,
      clock,
      deadlineMs: startMs,
      signal,
      onOutput: print,
    })
    if (signal.aborted) return
    if (!started.ok) return finish('failed', started.message)
    change({ state: 'ready', port: started.application.port, waitsFor: null, deadlineAt: null })
    await untilItEnds(started.application, signal)
  }

  async function untilItEnds({ process }: Application, signal: AbortSignal): Promise<void> {
    const result = await process.exited
    if (!signal.aborted) finish('failed', endOf(result))
  }

  async function watchIdle(): Promise<void> {
    while (!stopped.signal.aborted && !isOver()) {
      await clock.sleep(Math.min(LOOK_MS, input.idleMs), stopped.signal)
      if (clock.now() - usedAt >= input.idleMs) void stop(`Nobody looked at it for ${Math.round(input.idleMs / 60_000)} minutes.`)
    }
  }

  function isOver(): boolean {
    return view.state === 'failed' || view.state === 'ended'
  }

  async function stop(reason: string): Promise<void> {
    why ||= reason
    stopped.abort()
    await running
  }

  const running = run()
    .catch((error: unknown) => {
      input.onTrouble(error)
      finish('failed', 'Slipway itself failed while it ran the preview. The log of the server has the details.')
    })
    .then(() => {
      if (!isOver()) finish('ended', why)
    })
  void watchIdle()
  return {
    view: () => view,
    sandbox: () => sandbox,
    isOver,
    atSeq: () => atSeq,
    touch: () => void (usedAt = clock.now()),
    again: () => round.abort(),
    stop,
  }
}

function isoAt(ms: number): string {
  return new Date(ms).toISOString()
}
