// The session that the flags of `slipway run` ask for.

import type { Autonomy } from '@slipway/core/events'
import { type CreateSessionBody, createSessionBody } from '@slipway/server/contract/session-routes'
import { checkInput } from '../check-input.ts'
import type { RunOptions } from './run.ts'

const flags = {
  task: '--task',
  repository: '--repo',
  base: '--base',
  title: '--title',
  model: '--model',
  fallback: '--fallback',
  checks: '--check',
  budgetUsd: '--budget',
}

/** Throws SlipwayError that names the flags that are wrong. */
export function runRequest(options: RunOptions): CreateSessionBody {
  const given = {
    task: options.task,
    repository: options.repo,
    base: options.base,
    title: options.title,
    model: options.model,
    fallback: options.fallback,
    checks: options.check.length === 0 ? undefined : options.check,
    budgetUsd: options.budget,
    autonomy: autonomyOf(options),
    sandbox: options.sandbox,
  }
  return checkInput(createSessionBody, given, flags)
}

function autonomyOf({ auto, approve }: RunOptions): Autonomy {
  if (approve) return 'ask'
  return auto ? 'auto' : 'plan'
}
