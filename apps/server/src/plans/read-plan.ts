// A plan's row with its parts in their own shapes.

import type { PlanRow } from '@slipway/store/plans'
import {
  type NewRepository,
  newRepositorySchema,
  type PlanRequest,
  planRequestSchema,
  type PlanTask,
  planTaskSchema,
  type Requirements,
  requirementsSchema,
} from './plan-shapes.ts'

export interface PlanParts {
  request: PlanRequest
  requirements: Requirements | null
  tasks: PlanTask[] | null
  newRepository: NewRepository | null
}

export function readPlan({ request, requirements, tasks, newRepository }: PlanRow): PlanParts {
  return {
    request: planRequestSchema.parse(request),
    requirements: requirements === null ? null : requirementsSchema.parse(requirements),
    tasks: tasks === null ? null : planTaskSchema.array().parse(tasks),
    newRepository: newRepository === null ? null : newRepositorySchema.parse(newRepository),
  }
}
