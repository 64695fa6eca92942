// What the tasks of a plan are likely to cost, from what sessions with that model cost.

import type { Estimate } from '../workbench/estimate-cost.ts'
import type { PlanTask, Size } from './plan-shapes.ts'

interface CostRange {
  lowMicros: number | null
  highMicros: number | null
}

/** Which part of the range of sessions a size stands for, on a scale of proportions. */
const parts: Record<Size, [from: number, to: number]> = { small: [0, 0.45], medium: [0.3, 0.75], large: [0.6, 1] }

/** Unknown stays unknown: no price, no range. */
export function costOf(size: Size, { lowMicros, highMicros }: CostRange): CostRange {
  if (lowMicros === null || highMicros === null) return { lowMicros: null, highMicros: null }
  if (lowMicros <= 0) return { lowMicros, highMicros }
  const at = (part: number) => Math.round(lowMicros * (highMicros / lowMicros) ** part)
  const [from, to] = parts[size]
  return { lowMicros: at(from), highMicros: at(to) }
}

export function estimateOf(tasks: readonly PlanTask[], estimate: Estimate) {
  const costs = tasks.map(({ size }) => costOf(size, estimate))
  const sum = (values: (number | null)[]) =>
    values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0)
  return {
    basis: estimate.basis,
    lowMicros: sum(costs.map(({ lowMicros }) => lowMicros)),
    highMicros: sum(costs.map(({ highMicros }) => highMicros)),
    lowMinutes: tasks.reduce((total, { minutes }) => total + minutes.low, 0),
    highMinutes: tasks.reduce((total, { minutes }) => total + minutes.high, 0),
  }
}
