// A second account at the model's provider and at GitHub, with which the calls of one worker can be told from those of the others.

import type { Brain } from '../../doubles/models/brain.ts'
import { environmentFor } from '../../doubles/models/environment.ts'
import { startModelDouble } from '../../doubles/models/server.ts'
import type { GithubDouble } from '../../doubles/github/start-github-double.ts'

export interface Account {
  variables: Record<string, string>
  /** What was asked with it so far that costs money, or changes something. */
  effects(): { modelCalls: number; changes: string[] }
  close(): Promise<void>
}

/** Opens one. `github` must know the token. */
export async function openAccount(input: { brain: Brain; github: GithubDouble; token: string }): Promise<Account> {
  const model = await startModelDouble({ api: 'anthropic', brain: input.brain })
  const { variables } = environmentFor('anthropic', model)
  const asUser = Buffer.from(`x-access-token:${input.token}`).toString('base64')
  return {
    variables: { ...variables, GITHUB_TOKEN: input.token },
    effects() {
      const changes = input.github.requests.filter(({ method, path, headers }) => {
        const authorization = headers['authorization'] ?? ''
        // git asks for what there is with a POST too.
        const isLook = method === 'GET' || path.endsWith('/git-upload-pack')
        return !isLook && (authorization.includes(input.token) || authorization.includes(asUser))
      })
      return { modelCalls: model.requests.length, changes: changes.map(({ method, path }) => `${method} ${path}`) }
    },
    close: () => model.close(),
  }
}
