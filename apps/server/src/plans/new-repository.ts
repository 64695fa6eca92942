// A repository that is to be made, described so that a person's approval is bound to exactly that.

import type { Accounts } from '@slipway/core/accounts'
import type { EffectDescription } from '@slipway/core/effects'
import { sha256Hex } from '@slipway/core/hash/sha256'
import type { NewRepository } from './plan-shapes.ts'
import { deployerName } from './project-link.ts'

const forges = { github: 'GitHub', gitlab: 'GitLab', local: 'this server' } as const

/** Names of the accounts that would make it; others need another approval. */
export interface Makers {
  /** null: it is made here, or nobody is connected. */
  forge: string | null
  /** null: no project is wanted, or nobody is connected. */
  vercel: string | null
}

export function describeNewRepository(planId: string, wanted: NewRepository, makers: Makers): EffectDescription {
  const { forge, namespace, name, isPrivate, vercelProject } = wanted
  const details: EffectDescription['details'] = [
    ['forge', forges[forge]],
    ['owner', namespace ?? (forge === 'local' ? 'the folder for new repositories' : 'the account’s own')],
    ...(forge === 'local' ? [] : [['account', makers.forge ?? 'not connected'] as [string, string]]),
    ['name', name],
    ['visibility', isPrivate ? 'private' : 'public'],
    ...(vercelProject === null ? [] : [['Vercel project', vercelProject] as [string, string]]),
    ...(vercelProject === null ? [] : [['Vercel account', makers.vercel ?? 'not connected'] as [string, string]]),
  ]
  const repository = `the ${isPrivate ? 'private' : 'public'} repository ${namespace === null ? name : `${namespace}/${name}`} on ${forges[forge]}`
  return {
    kind: 'create-repository',
    title: `Make ${repository}${vercelProject === null ? '' : `, and the project ${vercelProject} at Vercel that deploys it`}`,
    details,
    reason: reasonOf(wanted),
    reversible: `Only by hand: delete it on ${forges[forge]}${vercelProject === null ? '' : ', and the project at Vercel'}.`,
    hash: sha256Hex(JSON.stringify(['create-repository', planId, details])),
  }
}

function reasonOf({ forge, isPrivate, vercelProject }: NewRepository): string {
  const seen =
    isPrivate || forge === 'local'
      ? 'It appears under this account, with a first commit that holds a README.'
      : 'Everybody can read it, with everything that is pushed to it.'
  return vercelProject === null ? seen : `${seen} Vercel deploys what is pushed to it, and its main branch to production.`
}

/** Who would make it now. */
export async function makersOf(accounts: Accounts, ownerId: string, { forge, vercelProject }: NewRepository): Promise<Makers> {
  const [maker, vercel] = await Promise.all([
    forge === 'local' ? null : accounts.find({ ownerId, provider: forge }),
    vercelProject === null ? null : deployerName(accounts, ownerId),
  ])
  return { forge: maker?.name ?? null, vercel }
}
