// What the runs add up to, for whoever reads the output.

import { countRuns, startsOf } from './judge.ts'
import type { SessionRun } from './run-session.ts'

/** A few lines: kills, times of resuming, repeated calls. */
export function summarise(runs: readonly SessionRun[]): string {
  const deaths = runs.flatMap((run) => run.deaths)
  const atAppends = deaths.filter(({ at }) => at !== null).length
  const again = runs.flatMap((run) => [...startsOf(run).values()]).filter(({ times }) => times > 1)
  const commands = runs.flatMap((run) => [...countRuns(run).values()]).filter((times) => times > 1)
  const pick = (share: number): number => resumeQuantileMs(runs, share)
  const byTool = [...new Set(again.map(({ tool }) => tool))].map((tool) => `${tool} ${again.filter((one) => one.tool === tool).length}`)
  return [
    `kill: ${runs.length} sessions, ${deaths.length} kills: ${atAppends} at appends, ${deaths.length - atAppends} at random moments`,
    `kill: from a new process to its first stored event, ms: p50 ${pick(0.5)}, p95 ${pick(0.95)}, max ${pick(1)}, of ${runs.flatMap((run) => run.resumeMs).length}`,
    `kill: calls begun again by the product: ${byTool.join(', ') || 'none'}; commands that the model ran again after an interruption: ${commands.length}`,
  ].join('\n')
}

/** How long such a share of the new processes took at most to their first stored event. */
export function resumeQuantileMs(runs: readonly SessionRun[], share: number): number {
  const resumeMs = runs.flatMap((run) => run.resumeMs).toSorted((a, b) => a - b)
  return Math.round(resumeMs[Math.min(resumeMs.length - 1, Math.floor(share * resumeMs.length))] ?? 0)
}

/** A run that went wrong, an event a line, so that the cause can be found without having it again. */
export function tellRun(run: SessionRun): string {
  const lines = run.events.map(({ seq, at, body }) => `${seq} ${at} ${JSON.stringify(body).slice(0, 400)}`)
  return [`${run.name}, ${run.deaths.length} deaths: ${JSON.stringify(run.deaths)}`, ...lines].join('\n')
}
