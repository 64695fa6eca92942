// A repository that is to be made, described so that a person's approval is bound to exactly that.

import type { Accounts } from '@slipway/core/accounts'
import type { EffectDescription } from '@slipway/core/effects'
import { sha256Hex } from '@slipway/core/hash/sha256'
import type { NewRepository } from './plan-shapes.ts'

const forges = { github: 'GitHub', gitlab: 'GitLab', local: 'this server' } as const

/** `accountName`: of the account that would make it; another one needs another approval. */
export function describeNewRepository(
  planId: string,
  { forge, namespace, name, isPrivate }: NewRepository,
  accountName: string | null,
): EffectDescription {
  const account = accountName ?? 'not connected'
  const details: EffectDescription['details'] = [
    ['forge', forges[forge]],
    ['owner', namespace ?? (forge === 'local' ? 'the folder for new repositories' : 'the account’s own')],
    ...(forge === 'local' ? [] : [['account', account] as [string, string]]),
    ['name', name],
    ['visibility', isPrivate ? 'private' : 'public'],
  ]
  return {
    kind: 'create-repository',
    title: `Make the ${isPrivate ? 'private' : 'public'} repository ${namespace === null ? name : `${namespace}/${name}`} on ${forges[forge]}`,
    details,
    reason:
      isPrivate || forge === 'local'
        ? 'It appears under this account, with a first commit that holds a README.'
        : 'Everybody can read it, with everything that is pushed to it.',
    reversible: `Only by hand: delete it on ${forges[forge]}.`,
    hash: sha256Hex(JSON.stringify(['create-repository', planId, details])),
  }
}

/** Who would make it; null: it is made here, or nobody is connected. */
export async function makerName(accounts: Accounts, ownerId: string, { forge }: NewRepository): Promise<string | null> {
  return forge === 'local' ? null : ((await accounts.find({ ownerId, provider: forge }))?.name ?? null)
}
