// From what somebody typed to the first event of a session.

import { isAbsolute, resolve } from 'node:path'
import type {
  Autonomy,
  ContextAdded,
  EventBody,
  NewEvent,
  RepositoryRef,
  SandboxBackendName,
  SessionCreated,
  Task,
} from '@slipway/core/events'
import { parseRepository } from '@slipway/connectors/parse-repository'
import { loadSession, type LogPorts } from '../actions/access.ts'
import { actorOf } from '../auth/person.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { idFrom } from '../runtime/ids.ts'
import type { Settings } from '../settings.ts'
import { chooseRoles, type ModelLookup } from './choose-roles.ts'
import { isFolder } from './path-kind.ts'
import { refuseOthersRepository, refuseOthersScript } from './refuse-others-files.ts'

export interface SessionRequest {
  task: string
  repository: string
  base?: string | undefined
  title?: string | undefined
  model?: string | undefined
  fallback?: string | undefined
  checks?: string[] | undefined
  budgetUsd?: number | undefined
  autonomy?: Autonomy | undefined
  sandbox?: SandboxBackendName | undefined
}

export interface IntakeNeeds extends LogPorts {
  settings: Pick<Settings, 'roles' | 'limits' | 'models' | 'github' | 'gitlab' | 'sandbox' | 'localRepositories'> & {
    /** Scripted models that everybody may name. */
    openScripts?: string[]
  }
  model: ModelLookup
}

export interface Intake {
  request: SessionRequest
  source: Task['source']['kind']
  /** Names where the task stands at its source, such as a page's id. */
  ref?: string
  /** What the model is told beside the task from the start. */
  context?: ContextAdded[]
  /** Where relative paths and script files are looked for; null refuses relative paths. */
  folder: string | null
  /** Repeating a key gives the session that the first request made. */
  idempotencyKey: string | null
  wake: 'now' | 'no'
}

/** Appends `session-created` and returns the session's id. Throws SlipwayError when something is missing or wrong. */
export async function createSession(needs: IntakeNeeds, intake: Intake): Promise<{ sessionId: string; isNew: boolean }> {
  const body = await describeSession(needs, intake)
  const sessionId = intake.idempotencyKey === null ? needs.ids.next() : sessionIdFor(needs.person, intake.idempotencyKey)
  const at = new Date(needs.clock.now()).toISOString()
  const events = [body, ...(intake.context ?? [])].map(
    (each): NewEvent => ({ id: needs.ids.next(), at, actor: actorOf(needs.person), body: each }),
  )
  const result = await needs.log.append({
    sessionId,
    events,
    expectedSeq: 0,
    lease: null,
    wake: intake.wake,
  })
  if (result.ok) return { sessionId, isNew: true }
  if (result.kind !== 'conflict') throw new Error(`a new session was refused: ${result.kind}`)
  await refuseAnotherRequest(needs, sessionId, body)
  return { sessionId, isNew: false }
}

/** The id that a session with this key has, or will have. */
export function sessionIdFor({ ownerId }: Pick<IntakeNeeds['person'], 'ownerId'>, idempotencyKey: string): string {
  return idFrom(`create ${ownerId} ${idempotencyKey}`)
}

async function describeSession(needs: IntakeNeeds, { request, source, folder, ref }: Intake): Promise<SessionCreated> {
  const { settings } = needs
  const repository = findRepository(request, folder, settings)
  refuseOthersRepository(needs.person, repository, settings.localRepositories)
  const usual = Object.values(settings.roles ?? {}).flatMap(({ model, fallback }) => [model, ...(fallback === null ? [] : [fallback])])
  refuseOthersScript(needs.person, [request.model ?? '', request.fallback ?? ''], [...usual, ...(settings.openScripts ?? [])])
  return {
    type: 'session-created',
    title: request.title ?? titleFrom(request.task),
    task: { text: request.task.trim(), source: { kind: source, ref: ref ?? null } },
    repository,
    autonomy: request.autonomy ?? 'plan',
    roles: await chooseRoles({ model: request.model ?? null, fallback: request.fallback ?? null, folder, settings, lookup: needs.model }),
    limits:
      request.budgetUsd === undefined ? settings.limits : { ...settings.limits, budgetMicros: Math.round(request.budgetUsd * 1_000_000) },
    checks: request.checks ?? [],
    sandbox: request.sandbox ?? settings.sandbox.backend,
    ownerId: needs.person.ownerId,
  }
}

function findRepository(
  { repository, base }: SessionRequest,
  folder: string | null,
  { github, gitlab }: Pick<Settings, 'github' | 'gitlab'>,
): RepositoryRef {
  const servers = { githubUrl: github.url, gitlabUrl: gitlab.url }
  const parsed = parseRepository(absolute(repository, folder), { ...servers, base: base ?? null, isFolder: isAbsoluteFolder })
  if (!parsed.ok) throw new SlipwayError('usage', parsed.message)
  if (parsed.repository.forge === 'local') refuseStrayPath(repository, parsed.repository.url, folder)
  return parsed.repository
}

/** A server has no folder that a relative path could be meant from; a person at a terminal learns at once that a path is wrong. */
function refuseStrayPath(typed: string, path: string, folder: string | null): void {
  if (folder === null && !isAbsolute(typed) && !typed.startsWith('file:')) {
    throw new SlipwayError('usage', 'Give the repository as an absolute path on the server, as owner/name, or as an https address.')
  }
  if (folder !== null && isAbsolute(path) && !isFolder(path))
    throw new SlipwayError('usage', `There is no folder ${path}. Give --repo a git repository.`)
}

/** A relative path only counts when there is such a folder: `owner/name` may mean GitHub. */
function absolute(text: string, folder: string | null): string {
  if (folder === null || isAbsolute(text)) return text
  const path = resolve(folder, text)
  return isFolder(path) ? path : text
}

function isAbsoluteFolder(path: string): boolean {
  return isAbsolute(path) && isFolder(path)
}

/** The first line of the task, as far as it fits into a list. */
function titleFrom(task: string): string {
  const line = task.trim().split('\n')[0]?.replace(/\s+/g, ' ').trim() ?? ''
  if (line.length <= 72) return line
  const cut = line.slice(0, 72)
  return `${cut.slice(0, Math.max(40, cut.lastIndexOf(' '))).trimEnd()} …`
}

async function refuseAnotherRequest(needs: IntakeNeeds, sessionId: string, wanted: EventBody): Promise<void> {
  const { events } = await loadSession(needs, sessionId)
  if (JSON.stringify(comparable(events[0]?.body)) === JSON.stringify(comparable(wanted))) return
  throw new SlipwayError('conflict', 'This Idempotency-Key was used for another request. Take a new key for a new session.')
}

/** What the person asked for; defaults may have changed since. */
function comparable(body: EventBody | undefined): unknown {
  if (body?.type !== 'session-created') return null
  return [body.task.text, body.repository.url, body.repository.base, body.title, body.checks, body.autonomy, body.sandbox]
}
