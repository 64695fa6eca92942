// The main job on a bundled example: a repository with a fault that its tests do not know of yet.

import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { defaultModel } from '@slipway/agent/model/default-model'
import { createSession, type Intake, type IntakeNeeds } from '../intake/create-session.ts'
import type { Settings } from '../settings.ts'
import { createSampleRepository } from './sample-repository.ts'

const SAMPLE = resolve(import.meta.dirname, '../../sample')
const SCRIPT = `scripted/${join(SAMPLE, 'script.yaml')}`
const BUDGET_USD = 1

export interface SampleWanted {
  /** null: the one that is set up or answers, else the bundled script. */
  model: string | null
  wake: Intake['wake']
  /** Called before the session exists. */
  introduce?(sample: Sample): void
}

export interface Sample {
  model: string
  repository: string
  budgetUsd: number
}

/** Makes a fresh sample repository in the home folder and a session that mends it. Everything is real but, without a key, the model. */
export async function startSample(
  needs: IntakeNeeds & { settings: Pick<Settings, 'home'> },
  { model: wanted, wake, introduce }: SampleWanted,
): Promise<Sample & { sessionId: string }> {
  const { settings, ids, clock } = needs
  const model = wanted ?? settings.roles?.code.model ?? (await defaultModel(settings.models)) ?? SCRIPT
  const repository = join(settings.home, 'demo', `roman-${ids.next()}.git`)
  await createSampleRepository({ folder: join(SAMPLE, 'repository'), gitDir: repository, at: new Date(clock.now()) })
  const sample = { model, repository, budgetUsd: BUDGET_USD }
  introduce?.(sample)
  // The copy was made for this session and the script comes with the product, so everybody may.
  const open = { localRepositories: [...settings.localRepositories, repository], openScripts: [SCRIPT] }
  const { sessionId } = await createSession(
    { ...needs, settings: { ...settings, ...open } },
    {
      request: {
        task: await readFile(join(SAMPLE, 'task.md'), 'utf8'),
        repository,
        model,
        title: 'Carve fours and nines as pairs that subtract',
        autonomy: 'auto',
        budgetUsd: BUDGET_USD,
      },
      source: 'demo',
      folder: null,
      idempotencyKey: null,
      wake,
    },
  )
  return { ...sample, sessionId }
}
