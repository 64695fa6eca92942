// New repositories: with the first commit that `auto_init` asks for, and the ways in which GitHub refuses them.

import { rm } from 'node:fs/promises'
import path from 'node:path'
import { type Answer, errorAnswer, json, missingPermission, notFound, validationFailed } from './answer.ts'
import { addRepository, type DoubleState, type DoubleToken, findRepository } from './double-state.ts'
import { makeRepository } from './make-repository.ts'
import { type Addresses, repositoryShape } from './shapes.ts'

interface CreateCall {
  addresses: Addresses
  state: DoubleState
  token: DoubleToken
  body: Record<string, unknown>
}

/** `POST /user/repos` and `POST /orgs/{org}/repos`. */
export async function createRepository({ addresses, state, token, body }: CreateCall, organisation: string | null): Promise<Answer> {
  const members = organisation === null ? [token.login] : state.organisations.get(organisation)
  if (members === undefined) return notFound()
  if (token.mayCreate === false) return missingPermission('administration=write')
  if (!members.includes(token.login)) return errorAnswer(403, 'You need admin access to the organization before adding a repository to it.')
  const { name, description } = body
  if (typeof name !== 'string' || !/^[\w.-]{1,100}$/.test(name))
    return validationFailed({ resource: 'Repository', code: 'missing_field', field: 'name' })
  if (typeof description === 'string' && (description.length > 350 || /\p{Cc}/u.test(description)))
    return refused('description', 'description control characters are not allowed')
  const slug = `${organisation ?? token.login}/${name}`
  if (findRepository(state, slug) !== null || state.claimed.has(slug.toLowerCase()))
    return refused('name', 'name already exists on this account')
  state.claimed.add(slug.toLowerCase())
  const from = body['auto_init'] === true ? path.join(state.root, `.first-${state.nextId()}`) : null
  if (from !== null) await makeRepository(from)
  const isPrivate = body['private'] === true
  const made = await addRepository(state, { slug, from, isPrivate, ...(typeof description === 'string' ? { description } : {}) })
  if (from !== null) await rm(from, { recursive: true })
  return json(201, repositoryShape(addresses, made, token))
}

function refused(field: string, message: string): Answer {
  const refusal = validationFailed({ resource: 'Repository', code: 'custom', field, message })
  return { ...refusal, body: { ...(refusal.body as object), message: 'Repository creation failed.' } }
}
