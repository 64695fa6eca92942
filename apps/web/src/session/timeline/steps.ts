// What happened in a session as steps of a timeline, and what it had cost at each of them.

import type { AssistantPart, EventOf, SessionEvent, ToolFinished } from '@slipway/core/events'
import { oneLine } from '@slipway/core/text/clean'
import { modeOf } from '../../composer/modes.ts'
import { shortBranches } from '../../format/short-branches.ts'
import { withoutMarks } from '../../format/without-marks.ts'
import { outcomeName } from '../../sessions/outcome-name.ts'
import { doingOf, lineOf } from '../conversation/tools.ts'
import type { Fold } from '../folded-events.ts'

export type StepKind =
  | 'task'
  | 'message'
  | 'thought'
  | 'tool'
  | 'workspace'
  | 'ask'
  | 'commit'
  | 'verification'
  | 'publish'
  | 'trouble'
  | 'restore'
  | 'end'

export interface Step {
  /** The event that it began with. */
  seq: number
  /** The last event that belongs to it, its checkpoint included: the moment to look at. */
  endSeq: number
  at: string
  kind: StepKind
  /** Of a tool call. */
  tool: string | null
  name: string
  ms: number | null
  costMicros: number
  /** Of a model's answer: what went in and came out. */
  tokens: number | null
  isBad: boolean
  isRunning: boolean
  /** Counted from 1; a turn begins with a message to a resting agent. */
  turn: number
}

const CHECKS: Record<EventOf<'verification-finished'>['result'], string> = {
  passed: 'passed',
  failed: 'failed',
  partial: 'passed in part',
  'no-checks': 'are missing',
  'could-not-run': 'could not run',
}

/** Steps in the order in which they began. Steps that a push leaves alone stay the same objects. */
export function makeStepFold(): Fold<readonly Step[]> {
  const draft: Step[] = []
  let steps: readonly Step[] = []
  let isChanged = false
  const inputs = new Map<string, Record<string, unknown>>()
  /** Where the step of a call stands. */
  const places = new Map<string, number>()
  let turn = 1
  let isResting = false

  /** Returns its place. */
  function add({ seq, at }: SessionEvent, step: Partial<Step> & Pick<Step, 'kind' | 'name'>): number {
    isChanged = true
    const all = { seq, endSeq: seq, at, tool: null, ms: null, costMicros: 0, tokens: null, isBad: false, isRunning: false, turn }
    return draft.push({ ...all, ...step }) - 1
  }

  function change(place: number | undefined, how: (step: Step) => Partial<Step>): void {
    const step = place === undefined ? undefined : draft[place]
    if (place === undefined || step === undefined) return
    draft[place] = { ...step, ...how(step) }
    isChanged = true
  }

  function push(event: SessionEvent): void {
    const { seq, body } = event
    switch (body.type) {
      case 'session-created':
        add(event, { kind: 'task', name: oneLine(body.task.text, 80) })
        break
      case 'user-message':
        if (isResting) turn++
        isResting = false
        add(event, { kind: 'message', name: oneLine(body.text, 80) })
        break
      case 'repository-prepared':
        add(event, { kind: 'workspace', name: 'Repository', ms: body.ms })
        break
      case 'sandbox-started':
        add(event, { kind: 'workspace', name: 'Sandbox', ms: body.ms })
        break
      case 'setup-finished':
        add(event, { kind: 'workspace', name: 'Set-up', ms: body.ms, isBad: !body.ok })
        break
      case 'model-requested':
        // Helpers' calls belong to the step that they serve.
        if (body.forCallId === null && (body.role === 'plan' || body.role === 'code'))
          places.set(body.callId, add(event, { kind: 'thought', name: 'Thinking', isRunning: true }))
        break
      case 'model-responded': {
        for (const part of body.content) if (part.type === 'tool-call') inputs.set(part.callId, part.input)
        const place = places.get(body.callId)
        if (place === undefined) {
          change(draft.length - 1, (last) => ({ costMicros: last.costMicros + body.costMicros }))
          break
        }
        const tokens = body.usage.inputTokens + body.usage.outputTokens
        const { costMicros, ms, content } = body
        change(place, () => ({ endSeq: seq, ms, costMicros, tokens, isRunning: false, name: said(content) }))
        break
      }
      case 'model-failed': {
        const { callId, costMicros, message } = body
        change(places.get(callId), () => ({ endSeq: seq, isRunning: false, isBad: true, costMicros, name: withoutMarks(message) }))
        break
      }
      case 'tool-started': {
        const { verb, target } = lineOf({ tool: body.tool, input: inputs.get(body.callId) ?? {}, finished: null })
        places.set(body.callId, add(event, { kind: 'tool', tool: body.tool, name: `${verb} ${target}`.trim(), isRunning: true }))
        break
      }
      case 'tool-finished':
        change(places.get(body.callId), (step) => ({
          endSeq: seq,
          ms: body.ms,
          isBad: !body.ok,
          isRunning: false,
          name: nameOf(step, body, inputs),
        }))
        break
      case 'checkpoint-created':
        change(draft.length - 1, () => ({ endSeq: seq }))
        break
      case 'checkpoint-restored':
        add(event, { kind: 'restore', name: 'Rolled back' })
        break
      case 'human-asked':
        add(event, { kind: 'ask', name: oneLine(shortBranches(withoutMarks(body.question)), 80) })
        break
      case 'human-answered':
        add(event, { kind: 'ask', name: { approve: 'Approved', reject: 'Declined', answer: 'Answered' }[body.decision] })
        break
      case 'autonomy-changed':
        add(event, { kind: 'message', name: `Mode: ${modeOf(body.autonomy).name}` })
        break
      case 'commit-offered':
        add(event, { kind: 'commit', name: `Commit ${body.subject}` })
        break
      case 'verification-finished':
        add(event, {
          kind: 'verification',
          name: `Checks ${CHECKS[body.result]}`,
          ms: body.ms,
          isBad: body.result === 'failed' || body.result === 'could-not-run',
        })
        break
      case 'branch-pushed':
        add(event, { kind: 'publish', name: `Pushed ${shortBranches(body.branch)}` })
        break
      case 'change-request-opened':
        add(event, { kind: 'publish', name: `Change request ${body.number}` })
        break
      case 'guard-tripped':
        add(event, { kind: 'trouble', name: oneLine(withoutMarks(body.reason), 80), isBad: true })
        break
      case 'stop-requested':
        isResting = true
        add(event, { kind: 'trouble', name: 'Stopped by a person' })
        break
      case 'session-finished':
        isResting = true
        add(event, { kind: 'end', name: `Finished: ${outcomeName(body.outcome)}`, isBad: body.outcome === 'failed' })
        break
      case 'session-forked':
        add(event, { kind: 'restore', name: 'Forked' })
        break
      default:
    }
  }

  return {
    push,
    read() {
      if (isChanged) steps = [...draft]
      isChanged = false
      return steps
    },
  }
}

function said(content: readonly AssistantPart[]): string {
  const text = content.find((part) => part.type === 'text')?.text.trim() ?? ''
  if (text !== '') return oneLine(withoutMarks(text), 80)
  const next = content.flatMap((part) => (part.type === 'tool-call' ? [doingOf(part.tool)] : []))
  return next.length === 0 ? 'Thought' : `Thought, then ${[...new Set(next)].join(', ')}`
}

function nameOf(step: Step, finished: ToolFinished, inputs: ReadonlyMap<string, Record<string, unknown>>): string {
  const { verb, target } = lineOf({ tool: step.tool ?? '', input: inputs.get(finished.callId) ?? {}, finished })
  return `${verb} ${target}`.trim()
}

/** The step that the moment shows. */
export function stepAt(steps: readonly Step[], at: 'now' | number): number {
  if (at === 'now') return steps.length - 1
  return Math.max(
    0,
    steps.findLastIndex(({ seq }) => seq <= at),
  )
}

/** Money and tokens up to a step, as far as events are loaded; context: what the model had last read. */
export function totalsAt(steps: readonly Step[], index: number): { costMicros: number; contextTokens: number | null } {
  const until = steps.slice(0, index + 1)
  return {
    costMicros: until.reduce((sum, step) => sum + step.costMicros, 0),
    contextTokens: until.findLast(({ tokens }) => tokens !== null)?.tokens ?? null,
  }
}
