// What is used of Vercel's API, written down from its reference: https://vercel.com/docs/rest-api

import type { Description, Schema } from './check-exchange.ts'
import { call, fields, flag, listOf, one, orNull, text, whole } from './describe-fields.ts'

const state = one('QUEUED', 'INITIALIZING', 'BUILDING', 'READY', 'ERROR', 'CANCELED', 'DELETED')
const link = fields(
  { type: text },
  { org: text, repo: text, repoId: whole, projectId: text, projectNameWithNamespace: text, projectUrl: text, productionBranch: text },
)
const project = fields(
  { accountId: text, id: text, name: text },
  { link, targets: { type: 'object', additionalProperties: orNull(fields({}, { id: text })) } },
)
const texts: Schema = { type: 'object', additionalProperties: text }
const deployment = fields(
  {
    id: text,
    name: text,
    url: text,
    readyState: state,
    status: state,
    inspectorUrl: orNull(text),
    createdAt: whole,
    projectId: text,
    meta: texts,
  },
  { target: orNull(one('production', 'staging')), errorCode: text, errorMessage: orNull(text) },
)
const listed = fields(
  { uid: text, name: text, projectId: text, url: text, created: whole, type: one('LAMBDAS'), inspectorUrl: orNull(text) },
  { state, target: orNull(one('production', 'staging')), isRollbackCandidate: orNull(flag), meta: texts },
)
const event = fields({ type: text, created: whole }, { text, level: one('error', 'warning'), payload: fields({}, { text }) })
const user = fields({ id: text, username: text, name: orNull(text), email: text, defaultTeamId: orNull(text) })
const team = fields({ id: text, slug: text, name: orNull(text) })
const pagination = fields({ count: whole, next: orNull({ type: ['string', 'integer'] }), prev: orNull({ type: ['string', 'integer'] }) })

const identifier: Schema = { type: ['string', 'integer'] }
const gitSource: Schema = {
  oneOf: [
    fields({ type: one('github'), ref: text, repoId: identifier }, { sha: text }),
    fields({ type: one('gitlab'), ref: text, projectId: identifier }, { sha: text }),
  ],
}
const ofTeam = { teamId: text }
const changed = call({ query: ofTeam, answers: { 201: null, 202: null } })

export const vercelDescription: Description = {
  source: 'vercel.com/docs/rest-api',
  operations: {
    'GET /v2/user': call({ answers: { 200: fields({ user }) } }),
    'GET /v2/teams': call({
      query: { limit: whole, since: whole, until: whole },
      answers: { 200: fields({ teams: listOf(team), pagination }) },
    }),
    'GET /v10/projects': call({
      query: { ...ofTeam, limit: whole, search: text, repoUrl: text, from: text },
      answers: { 200: fields({ projects: listOf(project), pagination }) },
    }),
    'POST /v11/projects': call({
      query: ofTeam,
      body: fields({ name: text }, { gitRepository: fields({ type: one('github', 'gitlab'), repo: text }) }),
      answers: { 200: project },
    }),
    'GET /v9/projects/{idOrName}': call({ query: ofTeam, answers: { 200: project } }),
    'GET /v6/deployments': call({
      query: {
        ...ofTeam,
        projectId: text,
        sha: text,
        branch: text,
        target: one('production', 'preview'),
        rollbackCandidate: flag,
        limit: whole,
      },
      answers: { 200: fields({ deployments: listOf(listed), pagination }) },
    }),
    'POST /v13/deployments': call({
      query: { ...ofTeam, skipAutoDetectionConfirmation: one('0', '1') },
      body: fields({ name: text }, { project: text, gitSource, meta: texts, target: text }),
      answers: { 200: deployment },
    }),
    'GET /v13/deployments/{idOrUrl}': call({ query: ofTeam, answers: { 200: deployment } }),
    'PATCH /v12/deployments/{id}/cancel': call({ query: ofTeam, answers: { 200: deployment } }),
    'GET /v3/deployments/{idOrUrl}/events': call({
      query: { ...ofTeam, direction: one('backward', 'forward'), follow: one('0', '1'), limit: whole, builds: one('0', '1') },
      answers: { 200: orNull(listOf(event)) },
    }),
    'POST /v10/projects/{projectId}/promote/{deploymentId}': changed,
    'POST /v9/projects/{projectId}/rollback/{deploymentId}': call({
      query: { ...ofTeam, description: text },
      answers: { 201: null, 202: null },
    }),
  },
  components: { schemas: {} },
}
