// What a person's accounts at GitHub and GitLab have to choose from.

import { z } from 'zod'
import { defineRoute } from './route.ts'

export const listHostedRepositories = defineRoute({
  id: 'listHostedRepositories',
  method: 'GET',
  path: '/api/integrations/:provider/repos',
  tag: 'workbench',
  summary: 'Repositories of your account at GitHub or GitLab, the latest changed first',
  params: z.object({ provider: z.enum(['github', 'gitlab']) }),
  query: z.object({
    search: z.string().trim().max(200).default('').meta({ description: 'A part of the name, owner and groups included' }),
    page: z.coerce.number().int().min(1).max(1_000).default(1),
  }),
  status: 200,
  answer: z.object({
    isConnected: z.boolean(),
    repositories: z.array(
      z.object({
        name: z.string().meta({ description: 'With its owner or groups' }),
        url: z.string(),
        isPrivate: z.boolean(),
        defaultBranch: z.string().nullable().meta({ description: 'null: no commit yet' }),
        canPush: z.boolean().nullable().meta({ description: 'null: the forge does not say' }),
      }),
    ),
    nextPage: z.int().nullable().meta({ description: 'null: this was the last one' }),
  }),
})
