// What a person may do about production, described so that their approval is bound to exactly that.

import type { EffectDescription } from '@slipway/core/effects'
import { sha256Hex } from '@slipway/core/hash/sha256'
import type { VercelDeployment, VercelProject } from '@slipway/connectors/vercel/vercel-shapes'

export type ProductionChange = 'promote' | 'rollback'

export interface ChangeInput {
  project: VercelProject
  deployment: Pick<VercelDeployment, 'id' | 'sha' | 'url'>
}

/** Covers what production shows now: when somebody else changes it, the approval does not fit any more. */
export function describeChange(change: ProductionChange, { project, deployment }: ChangeInput): EffectDescription {
  const details: EffectDescription['details'] = [
    ['project', project.name],
    ['deployment', deployment.id],
    ['commit', deployment.sha ?? ''],
    ['address', deployment.url ?? ''],
    ['production now', project.productionId ?? ''],
  ]
  const what = deployment.sha === null ? deployment.id : deployment.sha.slice(0, 10)
  return {
    kind: 'deploy',
    title: change === 'promote' ? `Let production of ${project.name} show ${what}` : `Roll production of ${project.name} back to ${what}`,
    details,
    reason: change === 'promote' ? 'Everybody who uses it sees this version.' : 'Everybody who uses it sees the earlier version again.',
    reversible:
      project.productionId === null
        ? 'Production shows nothing now, so there is nothing to roll back to.'
        : 'Yes: roll back to what production shows now, in some seconds and without a build.',
    hash: sha256Hex(JSON.stringify(['deploy', change, details])),
  }
}
