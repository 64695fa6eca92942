// The one line that tells what happens right now.

import type { RenderContext } from './render-context.ts'
import { formatCost, formatMs } from './format.ts'
import { oneLine } from './plain-text.ts'
import { targetOf, verbOf } from './render-tool.ts'
import type { Style } from './style.ts'

export interface LiveView {
  /** A phase of waiting, such as the start of a sandbox. */
  phase: { text: string; startedAt: string } | null
  /** The last line that a running command wrote. */
  lastOutput: string
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Null when nothing is under way. Fits the width, so that it never wraps. */
export function statusText(context: RenderContext, live: LiveView, nowMs: number, style: Style): string | null {
  const doing = whatIsDone(context, live)
  if (doing === null) return null
  const frame = FRAMES[Math.floor(nowMs / 100) % FRAMES.length] ?? ''
  const facts = [
    formatMs(Math.max(0, nowMs - Date.parse(doing.startedAt))),
    ...(context.costMicros > 0 ? [formatCost(context.costMicros)] : []),
  ].join(' · ')
  const text = oneLine([doing.text, live.lastOutput].filter((part) => part !== '').join(' │ '), style.width - facts.length - 8)
  return `  ${style.accent(frame)} ${text}  ${style.dim(facts)}`
}

function whatIsDone(context: RenderContext, live: LiveView): { text: string; startedAt: string } | null {
  const running = Object.values(context.calls).find((call) => call.startedAt !== null)
  if (running?.startedAt) return { text: `${verbOf(running.tool)} ${targetOf(running.tool, running.input)}`, startedAt: running.startedAt }
  if (live.phase) return live.phase
  const model = Object.values(context.models)[0]
  return model ? { text: `${model.model} thinks`, startedAt: model.startedAt } : null
}
