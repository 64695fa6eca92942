// Routines: tasks on a schedule.

import { z } from 'zod'
import { defineRoute } from './route.ts'
import { createSessionBody } from './session-routes.ts'

const routineParams = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[0-9A-Za-z_-]+$/, 'is no routine id: letters, digits, _ and -'),
})

export const routineSchema = z.object({
  id: z.string(),
  name: z.string(),
  cron: z.string().meta({ description: 'Five fields: minute hour day month weekday' }),
  timeZone: z.string(),
  session: createSessionBody,
  isPaused: z.boolean(),
  createdAt: z.string(),
})

export const createRoutineBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  cron: z.string().trim().min(9, 'must have five fields: minute hour day month weekday, such as 0 3 * * 1-5').max(100),
  timeZone: z.string().min(1).max(64).default('UTC'),
  session: createSessionBody,
})

export const createRoutine = defineRoute({
  id: 'createRoutine',
  method: 'POST',
  path: '/routines',
  tag: 'routines',
  summary: 'Run a task on a schedule',
  body: createRoutineBody,
  status: 201,
  answer: routineSchema,
})

export const listRoutines = defineRoute({
  id: 'listRoutines',
  method: 'GET',
  path: '/routines',
  tag: 'routines',
  summary: 'List routines',
  status: 200,
  answer: z.object({ routines: z.array(routineSchema) }),
})

export const changeRoutine = defineRoute({
  id: 'changeRoutine',
  method: 'PATCH',
  path: '/routines/:id',
  tag: 'routines',
  summary: 'Pause a routine or let it go on',
  params: routineParams,
  body: z.strictObject({ isPaused: z.boolean() }),
  status: 200,
  answer: routineSchema,
})

export const deleteRoutine = defineRoute({
  id: 'deleteRoutine',
  method: 'DELETE',
  path: '/routines/:id',
  tag: 'routines',
  summary: 'Delete a routine; its sessions stay',
  params: routineParams,
  status: 200,
  answer: z.object({ deleted: z.boolean() }),
})

export type Routine = z.infer<typeof routineSchema>
export type CreateRoutineBody = z.infer<typeof createRoutineBody>
