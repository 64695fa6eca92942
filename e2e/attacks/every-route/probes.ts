// One request to each route of the contract, and who may expect what. A route that is not here fails the test.

import type { Things } from './world.ts'

/**
 * session, thing: names something of the owner's; whoever is not the owner must hear that it does not exist.
 * own: about the caller; everybody gets their own. administrator: for administrators. shared: for everybody with the link.
 */
type Kind = 'session' | 'thing' | 'own' | 'administrator' | 'shared'

export interface Probe {
  kind: Kind
  /** Whether a viewer may not even ask. */
  changes: boolean
  path(things: Things): string
  body?: unknown
  /** What whoever may gets; left out: some success. */
  status?: number
}

const look = (kind: Kind, path: Probe['path'], status?: number): Probe => ({ kind, changes: false, path, ...(status ? { status } : {}) })
const change = (kind: Kind, path: Probe['path'], body?: unknown, status?: number): Probe => ({
  kind,
  changes: true,
  path,
  body,
  ...(status ? { status } : {}),
})
const ofSession =
  (rest = ''): Probe['path'] =>
  ({ session }) =>
    `/sessions/${session}${rest}`

const NOTION_ID = '0f3a1b2c-1111-4222-8333-444455556666'

/** In the order in which they are tried: what takes something away comes last. */
export const probes: Record<string, Probe> = {
  showSession: look('session', ofSession()),
  readEvents: look('session', ofSession('/events')),
  sessionUsage: look('session', ofSession('/usage')),
  exportSession: look('session', ofSession('/export?format=json')),
  sessionDiff: look('session', ofSession('/diff')),
  // Nothing was checked out here; the answer is about the session all the same.
  sessionFiles: look('session', ofSession('/files')),
  sessionFile: look('session', ofSession('/file?path=a.txt'), 404),
  sessionChanges: look('session', ofSession('/changes')),
  sessionOutput: look('session', ({ session, blob }) => `/sessions/${session}/outputs/${blob}`),
  sessionSafety: look('session', ofSession('/safety')),
  showPreviews: look('session', ofSession('/previews')),
  openPreview: change('session', ofSession('/previews'), { port: 3000 }),
  startPreview: change('session', ofSession('/previews/local'), {}),
  stopPreview: change('session', ofSession('/previews/local')),
  showDeployments: look('session', ofSession('/deployments')),
  promoteDeployment: change('session', ofSession('/deployments/dpl_1/promote'), { effectHash: '0'.repeat(64) }, 404),
  rollBackDeployment: change('session', ofSession('/deployments/dpl_1/rollback'), { effectHash: '0'.repeat(64) }, 404),
  cancelDeployment: change('session', ofSession('/deployments/dpl_1/cancel'), undefined, 404),
  sessionNotionPage: look('session', ofSession('/notion')),
  listShares: look('session', ofSession('/shares')),
  changeSession: change('session', ofSession(), { isArchived: false }),
  sendMessage: change('session', ofSession('/messages'), { text: 'hello' }),
  answerQuestion: change('session', ofSession('/answers'), { askId: 'a', decision: 'approve' }, 409),
  resumeSession: change('session', ofSession('/resume')),
  forkSession: change('session', ofSession('/fork'), { atSeq: 9_999 }, 400),
  rollBackSession: change('session', ofSession('/rollback'), { seq: 1 }, 409),
  giveFeedback: change('session', ofSession('/feedback'), { seq: 2, verdict: 'up' }),
  makeShare: change('session', ofSession('/shares'), {}),
  stopSession: change('session', ofSession()),
  throwSessionAway: change('session', ofSession('/throw-away')),

  createSession: change('own', () => '/sessions', { task: 'x', repository: 'acme/clock', model: 'ollama/test' }),
  startSample: change('own', () => '/sample'),
  listSessions: look('own', () => '/sessions'),
  searchSessions: look('own', () => '/search?q=quartz'),
  createRoutine: change('own', () => '/routines', { name: 'x', cron: '0 3 * * 1', session: { task: 'x', repository: 'acme/clock' } }),
  listRoutines: look('own', () => '/routines'),
  createTrigger: change('own', () => '/triggers', { provider: 'github', slug: 'acme/clock' }),
  listTriggers: look('own', () => '/triggers'),
  createPlan: change('own', () => '/plans', { idea: 'x', repository: 'acme/clock', model: 'ollama/test' }),
  listPlans: look('own', () => '/plans'),
  listModels: look('own', () => '/models'),
  installationUsage: look('own', () => '/usage'),
  usageBreakdown: look('own', () => '/usage/breakdown'),
  listRepositories: look('own', () => '/repositories'),
  listHostedRepositories: look('own', () => '/api/integrations/gitlab/repos'),
  listBranches: look('own', () => '/repositories/branches?repository=ftp://github.com/acme/clock', 400),
  listModelChoices: look('own', () => '/models/choices'),
  checkModel: change('own', () => '/models/check', { model: 'scripted/none.yaml' }),
  estimateCost: look('own', () => '/estimate?model=scripted/none.yaml'),
  listBudgets: look('own', () => '/budgets'),
  setBudget: change('own', () => '/budgets', { period: 'day', limitUsd: 5 }),
  // Nobody has connected Notion here; what an account shows is tried with the queue.
  listNotionDatabases: look('own', () => '/api/notion/databases', 422),
  listNotionTasks: look('own', () => `/api/notion/tasks?database_id=${NOTION_ID}`, 422),
  showNotionTask: look('own', () => `/api/notion/tasks/${NOTION_ID}`, 422),
  startNotionTask: change('own', () => `/api/notion/tasks/${NOTION_ID}/start`, {}, 422),
  listNotionConnections: look('own', () => '/notion/connections'),
  connectNotionDatabase: change('own', () => '/notion/connections', { databaseId: NOTION_ID }, 422),
  createNotionDatabases: change('own', () => '/notion/databases', { parentPageId: NOTION_ID }, 422),
  showBoard: look('own', () => '/board?repository=/srv/clock'),
  showMe: look('own', () => '/me'),
  changeMe: look('own', () => '/me'),
  showNotices: look('own', () => '/notices'),
  changeNotices: change('own', () => '/notices', { needsYou: false, finished: false, failed: false }),
  listDevices: look('own', () => '/devices'),
  listKeys: look('own', () => '/keys'),
  listConnections: look('own', () => '/connections'),
  // Vercel is asked, and knows no such token.
  connectByToken: change('own', () => '/connections', { provider: 'vercel', token: 'no-such-token-0123456789' }, 400),
  makeKey: look('own', () => '/keys'),

  showDoctor: look('administrator', () => '/doctor'),
  showWebhooks: look('administrator', () => '/webhooks'),
  listPeople: look('administrator', () => '/people'),
  listAudit: look('administrator', () => '/audit'),
  adminOverview: look('administrator', () => '/admin/overview'),
  invitePerson: change('administrator', () => '/people', { email: 'invited@example.org' }),
  changePerson: change('administrator', ({ personId }) => `/people/${personId}`, {}),

  showShared: look('shared', ({ share }) => `/shared/${share.token}`),
  readSharedEvents: look('shared', ({ share }) => `/shared/${share.token}/events`),

  changeRoutine: change('thing', ({ routine }) => `/routines/${routine}`, { isPaused: true }),
  deleteRoutine: change('thing', ({ routine }) => `/routines/${routine}`),
  disconnectNotionDatabase: change('thing', ({ notionDatabase }) => `/notion/connections/${notionDatabase}`),
  // The model was asked and nobody lets it answer here, so that the plan takes no changes before it is stopped.
  showPlan: look('thing', ({ plan }) => `/plans/${plan}`),
  changePlan: change('thing', ({ plan }) => `/plans/${plan}`, { version: 1, title: 'x' }, 409),
  askForPlan: change('thing', ({ plan }) => `/plans/${plan}/ask`, { version: 1, for: 'requirements' }, 409),
  approvePlan: change('thing', ({ plan }) => `/plans/${plan}/approve`, { version: 1 }, 409),
  planToNotion: change('thing', ({ plan }) => `/plans/${plan}/notion`, { version: 1, databaseId: NOTION_ID }, 409),
  makePlanRepository: change('thing', ({ plan }) => `/plans/${plan}/repository`, { version: 1, effectHash: '0'.repeat(64) }, 409),
  makePlanProject: change('thing', ({ plan }) => `/plans/${plan}/deployment`, { version: 1, effectHash: '0'.repeat(64) }, 409),
  stopPlan: change('thing', ({ plan }) => `/plans/${plan}/stop`),
  dropPlan: change('thing', ({ plan }) => `/plans/${plan}`),
  changeTrigger: change('thing', ({ trigger }) => `/triggers/${trigger}`, { isPaused: true }),
  deleteTrigger: change('thing', ({ trigger }) => `/triggers/${trigger}`),
  withdrawShare: change('session', ({ session, share }) => `/sessions/${session}/shares/${share.id}`),
  checkConnection: change('thing', ({ connection }) => `/connections/${connection}/check`),
  // Nobody else hears even that there is none.
  showConnectionAvatar: look('thing', ({ connection }) => `/connections/${connection}/avatar`, 404),
  listConnectionTeams: look('thing', ({ connection }) => `/connections/${connection}/teams`),
  chooseConnectionTeam: change('thing', ({ connection }) => `/connections/${connection}`, { teamId: null }),
  disconnect: change('thing', ({ connection }) => `/connections/${connection}`),
  revokeKey: look('thing', ({ keyId }) => `/keys/${keyId}`),
  signOutDevice: look('thing', ({ device }) => `/devices/${device}`),
  signOutEverywhere: look('own', () => '/devices'),
}

/** Bodies of those that a viewer may change: what is their own. */
export const ownChanges: Record<string, unknown> = {
  changeMe: { name: 'Somebody' },
  makeKey: { name: 'ci' },
}
