// Events into rows, one event at a time. Pure but for its own memory: the same events give the same rows.

import type { EventOf, SessionEvent } from '@slipway/core/events'
import type { EgressPhase } from '@slipway/core/policy/egress-advice'
import type { Fold } from '../folded-events.ts'
import { isSpoken, textOf } from './answer-text.ts'
import { noteOf } from './note-of.ts'
import type { AnswerRow, BlockedRow, BootRow, Call, CallsRow, DeploymentRow, Row } from './row.ts'

/** Calls whose outcome is a card of its own. */
const SHOWN_AS_CARDS = new Set(['update_plan', 'ask_human', 'finish'])

type Unsettled = 'person' | 'failure' | 'ask' | 'change-request'

/** Rows that a push leaves alone stay the same objects. */
export function makeRowFold(): Fold<readonly Row[]> {
  let rows: readonly Row[] = []
  let draft: Row[] = []
  let isChanged = false
  const places = new Map<string, number>()
  /** Keys of rows that can still change together; few at a time. */
  const unsettled: Record<Unsettled, Set<string>> = { person: new Set(), failure: new Set(), ask: new Set(), 'change-request': new Set() }
  /** Row of each tool call. */
  const callRows = new Map<string, string>()
  const open = new Map<string, { model: string; attempt: number; isMain: boolean }>()
  let isResting = false
  let planKey = ''
  let productionKey = ''
  const deploymentKeys = new Set<string>()
  let lastText = ''
  /** Why the session paused when the model had failed. */
  let parkReason = ''

  function add(row: Row): void {
    places.set(row.key, draft.length)
    draft.push(row)
    remember(row)
    isChanged = true
  }

  function remember(row: Row): void {
    if (row.kind in unsettled) unsettled[row.kind as Unsettled][isSettled(row) ? 'delete' : 'add'](row.key)
  }

  function find<Kind extends Row['kind']>(key: string, kind: Kind): Extract<Row, { kind: Kind }> | null {
    const place = places.get(key)
    const row = place === undefined ? undefined : draft[place]
    return row?.kind === kind ? (row as Extract<Row, { kind: Kind }>) : null
  }

  function set(row: Row): void {
    const place = places.get(row.key)
    if (place === undefined) return add(row)
    draft[place] = row
    remember(row)
    isChanged = true
  }

  function drop(key: string): void {
    const place = places.get(key)
    if (place === undefined) return
    draft.splice(place, 1)
    places.delete(key)
    for (let at = place; at < draft.length; at++) places.set(draft[at]!.key, at)
    isChanged = true
  }

  /** Rows of a kind, as long as they can still change. */
  function each<Kind extends Unsettled>(kind: Kind, change: (row: Extract<Row, { kind: Kind }>) => Row): void {
    for (const key of unsettled[kind]) {
      const row = find(key, kind)
      const next = row === null ? null : change(row)
      if (next !== null && next !== row) set(next)
    }
  }

  function boot(change: (row: BootRow) => BootRow): boolean {
    const row = find('boot', 'boot')
    if (row === null || row.isOver) return false
    set(change(row))
    return true
  }

  function changeCall(callId: string, tool: string, at: { seq: number; at: string }, change: (call: Call) => Call): void {
    const key = callRows.get(callId)
    const row = key === undefined ? null : find(key, 'calls')
    if (row !== null) return set({ ...row, calls: row.calls.map((call) => (call.callId === callId ? change(call) : call)) })
    // Its step lies before the first loaded event.
    if (SHOWN_AS_CARDS.has(tool)) return
    const call = change({ callId, tool, input: {}, invalid: null, ruling: null, startedAt: null, finished: null })
    callRows.set(callId, `calls-${callId}`)
    add({ kind: 'calls', key: `calls-${callId}`, ...at, calls: [call] })
  }

  function requested(event: SessionEvent, body: EventOf<'model-requested'>): void {
    const isMain = body.forCallId === null && (body.role === 'plan' || body.role === 'code')
    open.set(body.callId, { model: body.model, attempt: body.attempt, isMain })
    if (!isMain) return
    const wasResting = isResting
    each('person', (row) => (row.isRead || (row.mode === 'queue' && !wasResting) ? row : { ...row, isRead: true }))
    each('failure', (row) => (row.isOver ? row : { ...row, isOver: true }))
    boot((row) => ({
      ...row,
      takenAt: row.takenAt ?? event.at,
      askedAt: row.askedAt ?? event.at,
      isRetried: false,
      isHeld: false,
    }))
    add({
      kind: 'answer',
      key: `answer-${body.callId}`,
      seq: event.seq,
      at: event.at,
      callId: body.callId,
      model: body.model,
      attempt: body.attempt,
      answer: null,
    })
  }

  function responded(event: SessionEvent, body: EventOf<'model-responded'>): void {
    const call = open.get(body.callId)
    open.delete(body.callId)
    // A call whose beginning is not loaded is taken for one of the conversation when it speaks or works.
    if (call !== undefined && !call.isMain) return
    boot((row) => ({ ...row, firstAnswerAt: row.firstAnswerAt ?? event.at, isOver: true }))
    const key = `answer-${body.callId}`
    const text = textOf(body.content, 'text')
    const reasoning = textOf(body.content, 'reasoning')
    const calls = body.content.flatMap((part): Call[] =>
      part.type === 'tool-call'
        ? [
            {
              callId: part.callId,
              tool: part.tool,
              input: part.input,
              invalid: part.invalid ?? null,
              ruling: null,
              startedAt: null,
              finished: null,
            },
          ]
        : [],
    )
    isResting = calls.length === 0
    lastText = text.trim()
    const before = find(key, 'answer')
    const row: AnswerRow = {
      ...(before ?? {
        kind: 'answer',
        key,
        seq: event.seq,
        at: event.at,
        callId: body.callId,
        model: call?.model ?? '',
        attempt: call?.attempt ?? 1,
      }),
      answer: { text, reasoning, ms: body.ms, finish: body.finish },
    }
    if (isSpoken(row)) set(row)
    else drop(key)
    addCalls(event, body.callId, calls)
  }

  function addCalls(event: SessionEvent, stepId: string, calls: Call[]): void {
    const shown = calls.filter((call) => !SHOWN_AS_CARDS.has(call.tool) || call.invalid !== null)
    const key = `calls-${stepId}`
    for (const call of calls) callRows.set(call.callId, key)
    if (shown.length > 0) add({ kind: 'calls', key, seq: event.seq, at: event.at, calls: shown } satisfies CallsRow)
  }

  function failed(event: SessionEvent, body: EventOf<'model-failed'>): void {
    const call = open.get(body.callId)
    open.delete(body.callId)
    if (call !== undefined && !call.isMain) return
    drop(`answer-${body.callId}`)
    const model = call?.model ?? ''
    const isOver = body.retryAt === null
    boot((row) => ({ ...row, isRetried: !isOver }))
    const last = draft.at(-1)
    if (last?.kind === 'failure' && last.model === model && last.failure.kind === body.kind)
      return set({ ...last, attempts: last.attempts + 1, failure: body, isOver })
    add({
      kind: 'failure',
      key: `failure-${body.callId}`,
      seq: event.seq,
      at: event.at,
      model,
      attempts: 1,
      failure: body,
      isOver,
      isAsked: false,
    })
  }

  function planned(event: SessionEvent, body: EventOf<'plan-updated'>): void {
    const titles = JSON.stringify(body.steps.map((step) => step.title))
    const content = { steps: body.steps, paths: body.paths, note: body.note }
    const last = draft.findLast((row) => row.kind === 'plan')
    if (titles === planKey && last !== undefined) return set({ ...last, ...content })
    planKey = titles
    add({ kind: 'plan', key: `plan-${event.seq}`, seq: event.seq, at: event.at, ...content })
  }

  function blocked(event: SessionEvent, body: EventOf<'egress-decided'>): void {
    if (body.decision === 'allowed') return
    const { host, port, reason, count } = body
    // In the same sandbox and under the same rules, and yet not the agent's doing.
    const phase: EgressPhase = event.actor.kind === 'system' && event.actor.id === 'preview' ? 'preview' : body.phase
    const isSame = (other: { host: string; port: number; phase: string }): boolean =>
      other.host === host && other.port === port && other.phase === phase
    // Attempts are told of in packs, the later ones after whatever came between.
    const begun = draft.findLastIndex(({ kind }) => kind === 'person' || kind === 'task')
    const known = draft.findLast((row, at): row is BlockedRow => at > begun && row.kind === 'blocked' && row.hosts.some(isSame))
    const last = known ?? draft.at(-1)
    if (last?.kind !== 'blocked') {
      return add({
        kind: 'blocked',
        key: `blocked-${event.seq}`,
        seq: event.seq,
        at: event.at,
        hosts: [{ host, port, reason, phase, count }],
      })
    }
    const hosts = last.hosts.some(isSame)
      ? last.hosts.map((other) => (isSame(other) ? { ...other, count: other.count + count } : other))
      : [...last.hosts, { host, port, reason, phase, count }]
    set({ ...last, hosts })
  }

  function askedPerson({ seq, at }: SessionEvent, body: EventOf<'human-asked'>): void {
    const failure = draft.at(-1)
    const isRepetition = failure?.kind === 'failure' && body.kind === 'continue' && body.question === parkReason
    if (isRepetition) set({ ...failure, isAsked: true })
    add({ kind: 'ask', key: `ask-${body.askId}`, seq, at, ask: body, answer: null, isClosed: false, isRepetition })
  }

  function closeAsks(): void {
    each('ask', (row) => (row.isClosed ? row : { ...row, isClosed: true }))
    settleFailures()
  }

  function settleFailures(): void {
    each('failure', (row) => (row.isAsked ? { ...row, isAsked: false } : row))
  }

  /** The first answer may come before the sandbox that it needs. */
  function isStarting(): boolean {
    const row = find('boot', 'boot')
    return row !== null && (!row.isOver || (row.sandbox === null && !isResting))
  }

  function push(event: SessionEvent): void {
    const { body, seq, at } = event
    switch (body.type) {
      case 'session-created':
        add({ kind: 'task', key: 'task', seq, at, created: body })
        return add({
          kind: 'boot',
          key: 'boot',
          seq,
          at,
          takenAt: null,
          repository: null,
          sandbox: null,
          setup: null,
          askedAt: null,
          firstAnswerAt: null,
          isRetried: false,
          isHeld: false,
          isOver: false,
        })
      case 'user-message':
        closeAsks()
        boot((row) => ({ ...row, isHeld: false }))
        return add({
          kind: 'person',
          key: `person-${seq}`,
          seq,
          at,
          text: body.text,
          mode: body.mode,
          isEarly: isStarting(),
          isRead: false,
        })
      case 'model-requested':
        return requested(event, body)
      case 'model-responded':
        return responded(event, body)
      case 'model-failed':
        return failed(event, body)
      case 'tool-ruled':
        return changeCall(body.callId, 'call', { seq, at }, (call) => ({ ...call, ruling: body }))
      case 'tool-started':
        return changeCall(body.callId, body.tool, { seq, at }, (call) => ({ ...call, tool: body.tool, startedAt: at }))
      case 'tool-finished':
        return finishedCall(event, body)
      case 'plan-updated':
        return planned(event, body)
      case 'human-asked':
        boot((row) => ({ ...row, isHeld: true }))
        return askedPerson(event, body)
      case 'human-answered': {
        boot((row) => ({ ...row, isHeld: false }))
        const row = find(`ask-${body.askId}`, 'ask')
        if (row !== null) set({ ...row, answer: { body, at }, isClosed: true })
        return settleFailures()
      }
      case 'egress-decided':
        return blocked(event, body)
      case 'repository-prepared':
        if (boot((row) => ({ ...row, takenAt: row.takenAt ?? before(at, body.ms), repository: body }))) return
        return addNote(event)
      case 'sandbox-started': {
        // It may come after the first answer, when that needed none.
        const row = find('boot', 'boot')
        if (row !== null && row.sandbox === null) return set({ ...row, sandbox: body })
        return addNote(event)
      }
      case 'setup-finished': {
        const row = find('boot', 'boot')
        if (row !== null && row.setup === null) return set({ ...row, setup: body })
        return addNote(event)
      }
      case 'commit-offered':
        return set({ kind: 'commit', key: `commit-${body.oid}`, seq, at, commit: body, scan: null })
      case 'scan-finished': {
        const row = find(`commit-${body.oid}`, 'commit')
        return row === null ? undefined : set({ ...row, scan: body })
      }
      case 'verification-finished':
        return add({ kind: 'verification', key: `verification-${seq}`, seq, at, verification: body, receipts: body.receipts })
      case 'change-request-opened':
        return set({ kind: 'change-request', key: `change-request-${body.number}`, seq, at, changeRequest: body, checks: [] })
      case 'checks-reported':
        return each('change-request', (row) => ({ ...row, checks: body.checks }))
      case 'deployment-updated': {
        if (body.target !== 'preview' && body.target !== 'production') return addNote(event)
        // A deployment may be promoted again later; that is another row.
        if (body.target === 'production' && (body.state === 'PROMOTING' || body.state === 'ROLLING BACK'))
          productionKey = `production-${seq}`
        const key = body.target === 'production' && productionKey !== '' ? productionKey : `deployment-${body.deploymentId}`
        const row = find(key, 'deployment')
        set(row === null ? { kind: 'deployment', key, seq, at, deployment: body, production: 'no' } : { ...row, deployment: body })
        deploymentKeys.add(key)
        return body.target === 'production' ? changedProduction(body, key) : undefined
      }
      case 'review-received':
        return add({ kind: 'review', key: `review-${seq}`, seq, at, review: body })
      case 'session-finished':
        isResting = true
        closeAsks()
        each('failure', (row) => (row.isOver ? row : { ...row, isOver: true }))
        boot((row) => ({ ...row, isOver: true }))
        for (const callId of open.keys()) drop(`answer-${callId}`)
        return add({
          kind: 'finished',
          key: `finished-${seq}`,
          seq,
          at,
          finished: body,
          isRepetition: body.summary.trim() === lastText,
          feedback: null,
        })
      case 'feedback-given': {
        const row = find(`finished-${body.seq}`, 'finished')
        return row === null ? undefined : set({ ...row, feedback: body })
      }
      case 'stop-requested':
        closeAsks()
        return addNote(event)
      case 'autonomy-changed':
      case 'context-added':
      case 'session-forked':
      case 'checkpoint-restored':
      case 'branch-pushed':
      case 'conflict-noticed':
      case 'base-taken-in':
      case 'change-request-updated':
      case 'write-back-done':
      case 'outputs-pruned':
      case 'context-compacted':
        return addNote(event)
      case 'guard-tripped':
        if (body.guard === 'model') parkReason = body.reason
        return addNote(event)
      case 'session-renamed':
      case 'instructions-frozen':
      case 'checkpoint-created':
        return
    }
  }

  /** What production shows is the newest that it took over: the row of that change, and the preview that was promoted. */
  function changedProduction({ deploymentId, state }: EventOf<'deployment-updated'>, changeKey: string): void {
    for (const key of deploymentKeys) {
      const row = find(key, 'deployment')
      if (row === null) continue
      const isMeant = key === changeKey || (row.deployment.target !== 'production' && row.deployment.deploymentId === deploymentId)
      const production = productionOf(row.production, { state, isMeant })
      if (production !== row.production) set({ ...row, production })
    }
  }

  function addNote(event: SessionEvent): void {
    const note = noteOf(event)
    if (note !== null) add({ kind: 'note', key: `note-${event.seq}`, seq: event.seq, at: event.at, ...note })
  }

  function finishedCall(event: SessionEvent, body: EventOf<'tool-finished'>): void {
    const key = callRows.get(body.callId)
    const isHidden = key !== undefined && !find(key, 'calls')?.calls.some((call) => call.callId === body.callId)
    // A card that says what went well needs no row; what went wrong does.
    if (isHidden || (key === undefined && body.ok && body.ms === 0)) return
    // The commit's own line says all that this one would.
    if (key !== undefined && body.ok && places.has(`commit-${String(body.facts['oid'])}`)) return dropCall(key, body.callId)
    changeCall(body.callId, 'call', event, (call) => ({ ...call, finished: body }))
  }

  function dropCall(key: string, callId: string): void {
    const row = find(key, 'calls')
    const calls = row?.calls.filter((call) => call.callId !== callId) ?? []
    if (row !== null && calls.length > 0) set({ ...row, calls })
    else drop(key)
  }

  return {
    push,
    read() {
      if (isChanged) {
        rows = [...draft]
        isChanged = false
      }
      return rows
    },
  }
}

function before(at: string, ms: number): string {
  return new Date(Date.parse(at) - ms).toISOString()
}

function isSettled(row: Row): boolean {
  switch (row.kind) {
    case 'person':
      return row.isRead
    case 'failure':
      return row.isOver && !row.isAsked
    case 'ask':
      return row.isClosed
    default:
      return false
  }
}

function productionOf(
  before: DeploymentRow['production'],
  { state, isMeant }: { state: string; isMeant: boolean },
): DeploymentRow['production'] {
  if (state === 'READY') return isMeant ? 'shown' : 'no'
  if (!isMeant) return before
  if (state === 'PROMOTING' || state === 'ROLLING BACK') return 'changing'
  return 'no'
}
