// The two GraphQL mutations that turn a pull request into a draft and back; the REST API cannot.

import { type Answer, badCredentials, json } from './answer.ts'
import type { DoubleState } from './double-state.ts'
import { tokenOf } from './rest-routes.ts'
import { pullNodeId } from './shapes.ts'

export function answerGraphql(state: DoubleState, authorization: string | null, body: Record<string, unknown>): Answer {
  const token = tokenOf(state, authorization)
  if (token === null || token === 'invalid') return badCredentials()
  const query = String(body['query'] ?? '')
  const mutation = /\b(convertPullRequestToDraft|markPullRequestReadyForReview)\b/.exec(query)?.[1]
  if (!mutation) return problem('UNSUPPORTED', 'The double knows only the two draft mutations.')
  const id = (body['variables'] as { id?: unknown } | undefined)?.id
  const pulls = state.repositories.flatMap((repository) => repository.pulls.map((pull) => ({ repository, pull })))
  const found = pulls.find(({ pull }) => pullNodeId(pull) === id)
  if (!found) return problem('NOT_FOUND', `Could not resolve to a node with the global id of '${String(id)}'`)
  if (token.pullRequests !== 'write') return problem('FORBIDDEN', 'Resource not accessible by personal access token')
  const isDraft = mutation === 'convertPullRequestToDraft'
  if (isDraft && !found.repository.hasDrafts) return problem('UNPROCESSABLE', 'Draft pull requests are not supported in this repository.')
  found.pull.draft = isDraft
  return json(200, { data: { [mutation]: { pullRequest: { isDraft } } } })
}

function problem(type: string, message: string): Answer {
  return json(200, { data: null, errors: [{ type, message }] })
}
