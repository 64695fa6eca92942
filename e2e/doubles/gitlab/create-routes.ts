// New projects: with the first commit that `initialize_with_readme` asks for, and the ways in which GitLab refuses them.

import { rm } from 'node:fs/promises'
import path from 'node:path'
import { makeRepository } from '../github/make-repository.ts'
import { type Answer, errorAnswer, json, missingScope, notFound } from './answer.ts'
import { addProject, type DoubleGroup, type DoubleState, type DoubleToken, findProject } from './double-state.ts'
import { projectShape } from './shapes.ts'

/** `GET /namespaces/:path`: groups, and people's own. */
export function getNamespace(state: DoubleState, token: DoubleToken, name: string): Answer {
  const group = state.groups.find((known) => known.path.toLowerCase() === name.toLowerCase() && known.members.includes(token.username))
  if (group === undefined) return notFound('404 Namespace Not Found')
  const last = group.path.split('/').at(-1)
  return json(200, { id: group.id, name: last, path: last, kind: 'group', full_path: group.path, parent_id: null, avatar_url: null })
}

/** `POST /projects` */
export async function createProject(url: string, state: DoubleState, token: DoubleToken, body: Record<string, unknown>): Promise<Answer> {
  if (token.scope !== 'api') return missingScope()
  const group = body['namespace_id'] === undefined ? null : groupOf(state, token, body['namespace_id'])
  if (group === 'refused') return errorAnswer(400, { namespace: ['is not valid'] })
  const name = body['path'] ?? body['name']
  if (typeof name !== 'string' || !/^[A-Za-z0-9_][\w.-]*$/.test(name))
    return errorAnswer(400, { path: ['can contain only letters, digits'] })
  const whole = `${group?.path ?? token.username}/${name}`
  if (findProject(state, whole) !== null || state.claimed.has(whole.toLowerCase()))
    return errorAnswer(400, {
      'project_namespace.name': ['has already been taken'],
      name: ['has already been taken'],
      path: ['has already been taken'],
    })
  state.claimed.add(whole.toLowerCase())
  const from = body['initialize_with_readme'] === true ? path.join(state.root, `.first-${state.nextId()}`) : null
  if (from !== null) await makeRepository(from)
  const visibility = body['visibility'] === 'public' ? 'public' : 'private'
  const description = typeof body['description'] === 'string' ? { description: body['description'] } : {}
  const made = await addProject(state, { path: whole, from, visibility, ...description })
  if (from !== null) await rm(from, { recursive: true })
  return json(201, await projectShape(url, made, token))
}

function groupOf(state: DoubleState, token: DoubleToken, id: unknown): DoubleGroup | 'refused' {
  const found = state.groups.find((group) => group.id === id)
  return found?.creators.includes(token.username) ? found : 'refused'
}
