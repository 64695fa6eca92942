// A person's accounts at other services. Tokens go in here and never come out.

import { z } from 'zod'
import { defineRoute } from './route.ts'

const params = z.object({ id: z.string().min(1).max(100) })
export const providerSchema = z.enum(['github', 'gitlab', 'notion', 'vercel'])

const connectionSchema = z.object({
  id: z.string(),
  provider: providerSchema,
  kind: z.enum(['oauth', 'app', 'token']).meta({ description: 'app: with tokens of a GitHub App for one repository each' }),
  accountName: z.string().meta({ description: 'At the provider' }),
  hasAvatar: z.boolean(),
  team: z.string().nullable().meta({ description: 'Whose projects are meant, at Vercel; null: what Vercel means by itself' }),
  scopes: z.array(z.string()).meta({ description: 'What it allows, where the provider says so' }),
  status: z.enum(['connected', 'reconnect', 'disconnected']),
  reason: z.string().nullable().meta({ description: 'Why it must be connected again' }),
  createdAt: z.string(),
  connectedAt: z.string(),
  usedAt: z.string().nullable(),
  refreshedAt: z.string().nullable(),
  expiresAt: z.string().nullable().meta({ description: 'Of the token in use; one that is refreshed lasts longer' }),
})

export const listConnections = defineRoute({
  id: 'listConnections',
  method: 'GET',
  path: '/connections',
  tag: 'identity',
  summary: 'Your accounts at other services, and what can be connected',
  status: 200,
  answer: z.object({
    connections: z.array(connectionSchema),
    providers: z.array(
      z.object({
        provider: providerSchema,
        label: z.string(),
        canAuthorize: z.boolean().meta({ description: 'GET /api/integrations/{provider}/auth leads there and back' }),
        isApp: z.boolean(),
        missing: z.array(z.string()).meta({ description: 'Variables that an administrator sets for that' }),
        callbackAddress: z.string(),
        tokenPage: z.string(),
        tokenAdvice: z.string(),
        fromEnvironment: z.string().nullable().meta({ description: 'The variable whose account you use when you have connected none' }),
      }),
    ),
  }),
})

export const connectByToken = defineRoute({
  id: 'connectByToken',
  method: 'POST',
  path: '/connections',
  tag: 'identity',
  summary: 'Connect an account by a token, which is checked at the provider first',
  body: z.strictObject({
    provider: providerSchema,
    token: z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]{8,1000}$/, 'must be the token itself, without spaces or line ends'),
  }),
  status: 201,
  answer: connectionSchema,
})

export const checkConnection = defineRoute({
  id: 'checkConnection',
  method: 'POST',
  path: '/connections/:id/check',
  tag: 'identity',
  summary: 'Ask the provider whether the account still works',
  params,
  status: 200,
  answer: connectionSchema,
})

export const showConnectionAvatar = defineRoute({
  id: 'showConnectionAvatar',
  method: 'GET',
  path: '/connections/:id/avatar',
  tag: 'identity',
  summary: 'The picture of an account, fetched by the server',
  params,
  status: 200,
  answer: z.string().meta({ description: 'An image of at most 512 KB' }),
  mediaTypes: ['image/png', 'image/jpeg', 'image/gif', 'image/webp'],
})

export const listConnectionTeams = defineRoute({
  id: 'listConnectionTeams',
  method: 'GET',
  path: '/connections/:id/teams',
  tag: 'identity',
  summary: 'The teams that an account of Vercel can be used for',
  params,
  status: 200,
  answer: z.object({
    teams: z.array(z.object({ id: z.string(), name: z.string() })).meta({ description: 'Empty where there is no choice' }),
  }),
})

export const chooseConnectionTeam = defineRoute({
  id: 'chooseConnectionTeam',
  method: 'PATCH',
  path: '/connections/:id',
  tag: 'identity',
  summary: 'Choose the team that an account of Vercel is used for',
  params,
  body: z.strictObject({ teamId: z.string().min(1).max(100).nullable().meta({ description: 'null: what Vercel means by itself' }) }),
  status: 200,
  answer: connectionSchema,
})

export const disconnect = defineRoute({
  id: 'disconnect',
  method: 'DELETE',
  path: '/connections/:id',
  tag: 'identity',
  summary: 'Forget an account, and take the permission back at the provider',
  params,
  status: 200,
  answer: z.object({
    isRevoked: z.boolean().meta({ description: 'Whether the provider has taken the permission back' }),
    advice: z.string().nullable().meta({ description: 'What is left for you to do' }),
  }),
})
