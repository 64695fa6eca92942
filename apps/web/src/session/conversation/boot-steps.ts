import type { Awaited } from '@slipway/core/waiting/awaited-list'
import { withoutMarks } from '../../format/without-marks.ts'
import type { BootRow } from './row.ts'

export interface BootStep {
  name: string
  state: 'done' | 'now' | 'next' | 'failed'
  note: string
  /** How long it took or, while it is under way, has taken so far. */
  ms: number | null
}

interface Live {
  awaited: readonly Awaited[]
  /** null: nothing is under way, no clock runs. */
  nowMs: number | null
}

/** From the queue to the first answer. Sandbox, set-up and the model's first thought run side by side; each is done when its event says so. */
export function bootSteps(row: BootRow, { awaited, nowMs }: Live): BootStep[] {
  const wait = (phase: string): Awaited | null => (nowMs === null ? null : (awaited.find((one) => one.phase === phase) ?? null))
  const running = (name: string, since: string, note = ''): BootStep => ({ name, state: 'now', note, ms: between(since, nowMs) })
  const next = (name: string, note = ''): BootStep => ({ name, state: 'next', note, ms: null })

  function queued(): BootStep {
    const takenAt = row.takenAt ?? wait('repository')?.startedAt ?? null
    if (takenAt === null && nowMs !== null) return running('Queued', row.at)
    const isDone = takenAt !== null || row.isOver
    return { name: 'Queued', state: isDone ? 'done' : 'next', note: '', ms: takenAt === null ? null : between(row.at, Date.parse(takenAt)) }
  }

  function repository(): BootStep {
    const name = 'Repository'
    if (row.repository !== null) {
      const { baseBranch, baseOid, ms } = row.repository
      return { name, state: 'done', note: `${baseBranch} at ${baseOid.slice(0, 10)}`, ms }
    }
    const awaits = wait('repository')
    return awaits === null ? next(name) : running(name, awaits.startedAt, withoutMarks(awaits.text))
  }

  function sandbox(): BootStep {
    const name = 'Sandbox'
    if (row.sandbox !== null)
      return { name, state: 'done', note: row.sandbox.backend, ms: Math.max(0, row.sandbox.ms - (row.setup?.ms ?? 0)) }
    const [awaits, setsUp] = [wait('workspace'), wait('setup')]
    // It is told together with its set-up, once that has ended.
    if (setsUp !== null)
      return { name, state: 'done', note: '', ms: awaits === null ? null : between(awaits.startedAt, Date.parse(setsUp.startedAt)) }
    if (awaits !== null) return running(name, awaits.startedAt, withoutMarks(awaits.text))
    return row.repository !== null && nowMs !== null
      ? { name, state: 'now', note: '', ms: null }
      : next(name, row.isOver ? 'starts when it is needed' : '')
  }

  function setUp(): BootStep {
    const name = 'Set-up'
    if (row.setup !== null) {
      const { steps, cached, ok, ms } = row.setup
      const commands = steps.map(({ command }) => command).join(', ')
      return {
        name,
        state: ok ? 'done' : 'failed',
        note: cached ? 'from the cache' : commands === '' ? 'nothing to install' : commands,
        ms,
      }
    }
    if (row.sandbox !== null) return { name, state: 'done', note: 'nothing to install', ms: null }
    const awaits = wait('setup')
    return awaits === null ? next(name) : running(name, awaits.startedAt)
  }

  function firstThought(): BootStep {
    const name = 'First thought'
    const { askedAt, firstAnswerAt } = row
    if (firstAnswerAt !== null)
      return { name, state: 'done', note: '', ms: askedAt === null ? null : between(askedAt, Date.parse(firstAnswerAt)) }
    return askedAt === null || nowMs === null
      ? next(name)
      : running(name, askedAt, row.isRetried ? '' : withoutMarks(wait('model')?.text ?? ''))
  }

  return [queued(), repository(), sandbox(), setUp(), firstThought()]
}

/** Clocks of two machines may differ; nothing takes less than no time. */
function between(from: string, toMs: number | null): number | null {
  return toMs === null ? null : Math.max(0, toMs - Date.parse(from))
}
