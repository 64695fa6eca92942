// Labels and requested reviews of a pull request, as GitHub rules on them.

import { type Answer, errorAnswer, json, missingPermission, notFound } from './answer.ts'
import type { PullCall } from './pull-routes.ts'
import { labelShape, pullShape } from './shapes.ts'

/** Labels that the repository lacks are made. */
export function addLabels({ addresses, repository, token, body }: PullCall, number: number): Answer {
  if (token?.pullRequests !== 'write') return missingPermission('issues=write; pull_requests=write')
  const pull = repository.pulls.find((candidate) => candidate.number === number)
  if (!pull) return notFound()
  if (!isTexts(body['labels'])) return errorAnswer(422, 'Invalid request.\n\nNo subschema in "anyOf" matched.')
  pull.labels = [...new Set([...pull.labels, ...body['labels']])]
  return json(
    200,
    pull.labels.map((name) => labelShape(addresses, repository, name)),
  )
}

export async function requestReviewers({ addresses, repository, token, body }: PullCall, number: number): Promise<Answer> {
  if (token?.pullRequests !== 'write') return missingPermission('pull_requests=write')
  const pull = repository.pulls.find((candidate) => candidate.number === number)
  if (!pull) return notFound()
  const [people, teams] = [body['reviewers'] ?? [], body['team_reviewers'] ?? []]
  if (!isTexts(people) || !isTexts(teams)) return errorAnswer(422, 'Invalid request.')
  if (people.includes(pull.author)) return errorAnswer(422, 'Review cannot be requested from pull request author.')
  const wanted = [...people, ...teams.map((slug) => `team:${slug}`)]
  if (wanted.some((name) => !repository.collaborators.includes(name)))
    return errorAnswer(
      422,
      'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.',
    )
  pull.reviewers = [...new Set([...pull.reviewers, ...wanted])]
  return json(201, await pullShape(addresses, repository, pull))
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
