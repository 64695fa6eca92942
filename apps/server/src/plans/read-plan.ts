// A plan's row with its parts in their own shapes.

import type { PlanRow } from '@slipway/store/plans'
import { z } from 'zod'
import {
  type NewRepository,
  newRepositorySchema,
  type PlanRequest,
  planRequestSchema,
  type PlanTask,
  planTaskSchema,
  type ProjectLink,
  projectLinkSchema,
  type Requirements,
  requirementsSchema,
} from './plan-shapes.ts'

export interface PlanParts {
  request: PlanRequest
  requirements: Requirements | null
  tasks: PlanTask[] | null
  /** One that is still to be made. */
  newRepository: NewRepository | null
  projectLink: ProjectLink | null
}

const proposalOrLink = z.union([newRepositorySchema, projectLinkSchema])

export function readPlan({ request, requirements, tasks, newRepository }: PlanRow): PlanParts {
  const proposed = newRepository === null ? null : proposalOrLink.parse(newRepository)
  return {
    request: planRequestSchema.parse(request),
    requirements: requirements === null ? null : requirementsSchema.parse(requirements),
    tasks: tasks === null ? null : planTaskSchema.array().parse(tasks),
    newRepository: proposed === null || 'slug' in proposed ? null : proposed,
    projectLink: proposed !== null && 'slug' in proposed ? proposed : null,
  }
}
