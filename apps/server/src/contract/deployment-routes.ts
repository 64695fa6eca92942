// Where a session's commits are deployed, and what a person may do about it.

import { z } from 'zod'
import { defineRoute } from './route.ts'
import { effectSchema, sessionId, sessionParams } from './session-schemas.ts'

const deploymentSchema = z.object({
  id: z.string().nullable().meta({ description: 'null: the deployer does not know of it yet' }),
  target: z.enum(['preview', 'production']),
  state: z.string().meta({ description: 'WAITING, then as the deployer calls it: QUEUED, BUILDING, READY, ERROR, CANCELED' }),
  isOver: z.boolean(),
  oid: z.string(),
  url: z.string().nullable(),
  inspectorUrl: z.string().nullable(),
  problem: z.string().nullable(),
  askedAt: z.string(),
})

const productionSchema = z.object({
  project: z.string(),
  currentId: z.string().nullable(),
  promotable: z.array(z.object({ id: z.string(), oid: z.string(), effect: effectSchema })),
  previous: z
    .array(z.object({ id: z.string(), oid: z.string().nullable(), url: z.string().nullable(), at: z.string(), effect: effectSchema }))
    .meta({ description: 'What production showed earlier, the latest first' }),
})

const deploymentParams = z.object({ id: sessionId, deploymentId: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/) })
const asShown = z.strictObject({
  effectHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: 'The hash of the effect that was shown: what the person approves' }),
})
const asked = z.object({ asked: z.literal(true) })

export const showDeployments = defineRoute({
  id: 'showDeployments',
  method: 'GET',
  path: '/sessions/:id/deployments',
  tag: 'sessions',
  summary: 'Where the session’s commits are deployed, and what production shows',
  params: sessionParams,
  status: 200,
  answer: z.object({
    deployments: z.array(deploymentSchema),
    production: productionSchema.nullable(),
    problem: z.string().nullable().meta({ description: 'Why the deployer could not be asked just now' }),
  }),
})

export const promoteDeployment = defineRoute({
  id: 'promoteDeployment',
  method: 'POST',
  path: '/sessions/:id/deployments/:deploymentId/promote',
  tag: 'sessions',
  summary: 'Let production show this deployment; the call is the person’s approval of exactly the effect that was shown',
  params: deploymentParams,
  body: asShown,
  status: 202,
  answer: asked,
})

export const rollBackDeployment = defineRoute({
  id: 'rollBackDeployment',
  method: 'POST',
  path: '/sessions/:id/deployments/:deploymentId/rollback',
  tag: 'sessions',
  summary: 'Let production show this earlier deployment again',
  params: deploymentParams,
  body: asShown,
  status: 202,
  answer: asked,
})

export const cancelDeployment = defineRoute({
  id: 'cancelDeployment',
  method: 'POST',
  path: '/sessions/:id/deployments/:deploymentId/cancel',
  tag: 'sessions',
  summary: 'Stop a deployment that is being built',
  params: deploymentParams,
  status: 202,
  answer: asked,
})
