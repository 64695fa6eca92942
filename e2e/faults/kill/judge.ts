// What must hold of a session whose workers were killed, beside one that nobody disturbed. Each finding is a broken promise.

import { isDeepStrictEqual } from 'node:util'
import type { EventBody, EventOf, EventType, SessionEvent } from '@slipway/core/events'
import type { SessionRun } from './run-session.ts'

/** Longer than any load of the machine explains. */
const stuckMs = 60_000

/** The findings, in words; none when every promise was kept. */
export function judge(run: SessionRun, undisturbed: SessionRun): string[] {
  const findings = [
    ...judgeLog(run),
    ...judgeEnd(run, undisturbed),
    ...judgeCalls(run),
    ...judgeEffects(run),
    ...run.leftBehind.map((what) => `left behind: ${what}`),
    ...run.resumeMs.filter((ms) => ms > stuckMs).map((ms) => `a worker took ${Math.round(ms)} ms to go on`),
  ]
  return findings.map((finding) => `${run.name}: ${finding}`)
}

function judgeLog({ events, shown, acknowledged }: SessionRun): string[] {
  const differs = (event: SessionEvent): boolean => !isDeepStrictEqual(events[event.seq - 1], event)
  return [
    ...events.flatMap(({ seq }, index) => (seq === index + 1 ? [] : [`event ${index + 1} has seq ${seq}`])),
    ...acknowledged.filter(differs).map(({ seq }) => `acknowledged event ${seq} is lost or changed`),
    ...shown.filter(differs).map(({ seq }) => `event ${seq} is not what was shown`),
    ...(shown.every(({ seq }, index) => seq === index + 1) ? [] : ['a viewer was shown events with a gap or twice']),
  ]
}

function judgeEnd(run: SessionRun, undisturbed: SessionRun): string[] {
  return [
    ...same('outcome', ends(run), ends(undisturbed)),
    ...same('last checkpoint’s tree', lastTree(run), lastTree(undisturbed)),
    ...same('published tree', run.published.branches, undisturbed.published.branches),
    ...same('checks', verdicts(run), verdicts(undisturbed)),
    ...bodiesOf(run, 'guard-tripped').map((guard) => `the guard ${guard.guard} tripped: ${guard.reason}`),
    ...bodiesOf(run, 'model-failed')
      .filter(({ kind }) => kind !== 'interrupted' && kind !== 'rate-limit')
      .map(({ kind, message }) => `a model call failed (${kind}): ${message}`),
    ...(bodiesOf(run, 'context-compacted').length === 0 ? ['the conversation was not compacted'] : []),
    ...(bodiesOf(run, 'model-failed').some(({ kind }) => kind === 'rate-limit') || run.deaths.length > 0 ? [] : ['there was no back-off']),
  ]
}

const ends = (run: SessionRun) => bodiesOf(run, 'session-finished').map(({ outcome, summary }) => ({ outcome, summary }))
const lastTree = (run: SessionRun) => bodiesOf(run, 'checkpoint-created').at(-1)?.treeHash
const verdicts = (run: SessionRun) => bodiesOf(run, 'verification-finished').at(-1)?.result

/** Each call that was begun has one outcome; only what may be repeated was begun again; at most one command ran twice per kill. */
function judgeCalls(run: SessionRun): string[] {
  const finished = countBy(bodiesOf(run, 'tool-finished').map(({ callId }) => callId))
  const started = startsOf(run)
  const open = [...started.keys()].filter((callId) => !finished.has(callId))
  const effects = [...started.values()].filter(({ tool, times }) => !readers.has(tool) && times > 1)
  const runs = countRuns(run)
  const labels = labelsOf(run)
  return [
    ...open.map((callId) => `the call ${callId} has no outcome`),
    ...[...finished].filter(([, times]) => times > 1).map(([callId]) => `the call ${callId} has two outcomes`),
    ...[...started.values()]
      .filter(({ tool, times }) => tool === 'bash' && times > 1)
      .map(({ tool }) => `${tool} was begun twice as one call`),
    ...(total(effects.map(({ times }) => times - 1)) + total([...runs.values()].map((times) => times - 1)) > run.deaths.length
      ? [`more than one call was repeated for a kill: ${JSON.stringify([...started.values()])} ${JSON.stringify([...runs])}`]
      : []),
    ...labels.flatMap((label) => (runs.has(label) ? [] : [`the command “${label}” left no trace`])),
    ...labels.filter((label) => (runs.get(label) ?? 0) > 1 + interruptionsOf(run, label)).map((label) => `“${label}” ran again unasked`),
  ]
}

function judgeEffects(run: SessionRun): string[] {
  const { pushes, changeRequests } = run.published
  const asked = bodiesOf(run, 'human-asked')
  return [
    ...same('pushes', pushes.length, 1),
    ...same('change requests', changeRequests, 1),
    ...same('commits offered', new Set(bodiesOf(run, 'commit-offered').map(({ oid }) => oid)).size, 1),
    ...same('questions', asked.filter(({ kind }) => kind === 'question').length, callsOf(run, 'ask_human')),
    // A publish that was cut three times is handed back to the model, which asks for it again: that is another effect to approve.
    ...same('approvals', asked.filter(({ kind }) => kind === 'approval').length, callsOf(run, 'publish')),
  ]
}

const readers: ReadonlySet<string> = new Set(['read_file', 'list_files', 'search'])

/** How often each call was begun. */
export function startsOf(run: SessionRun): Map<string, { tool: string; times: number }> {
  const started = new Map<string, { tool: string; times: number }>()
  for (const { callId, tool } of bodiesOf(run, 'tool-started')) started.set(callId, { tool, times: (started.get(callId)?.times ?? 0) + 1 })
  return started
}

/** How often each counted command really ran, by the file that it writes. */
export function countRuns(run: SessionRun): Map<string, number> {
  const shown = bodiesOf(run, 'tool-finished').findLast(({ facts, ok }) => ok && facts['command'] === 'cat .runs/count')?.output ?? ''
  return countBy([...shown.matchAll(/^ran:(\w+)$/gm)].map((match) => match[1] ?? ''))
}

const callsIn = (run: SessionRun) =>
  bodiesOf(run, 'model-responded').flatMap(({ content }) => content.flatMap((part) => (part.type === 'tool-call' ? [part] : [])))
const callsOf = (run: SessionRun, tool: string): number => callsIn(run).filter((call) => call.tool === tool).length

/** The counted commands that the model asked for. */
function labelsOf(run: SessionRun): string[] {
  return [...new Set(callsIn(run).flatMap(({ input }) => /echo ran:(\w+)/.exec(String(input['command']))?.[1] ?? []))]
}

/** Outcomes of this command's calls that only say that they were cut. */
function interruptionsOf(run: SessionRun, label: string): number {
  const calls = callsIn(run)
    .filter(({ input }) => String(input['command']).includes(`ran:${label}`))
    .map(({ callId }) => callId)
  return bodiesOf(run, 'tool-finished').filter(({ callId, problem }) => problem === 'interrupted' && calls.includes(callId)).length
}

function bodiesOf<T extends EventType>(run: SessionRun, type: T): EventOf<T>[] {
  return run.events.map(({ body }) => body).filter((body: EventBody): body is EventOf<T> => body.type === type)
}

function same(what: string, found: unknown, wanted: unknown): string[] {
  return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`]
}

function countBy(names: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

const total = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0)
