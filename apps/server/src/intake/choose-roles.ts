// Which models a new session uses: those it was told, those that are set up, or an Ollama that answers.

import { resolve } from 'node:path'
import { defaultModel } from '@slipway/agent/model/default-model'
import type { Roles } from '@slipway/core/events'
import type { ModelPort } from '@slipway/core/ports'
import { SlipwayError } from '../errors/slipway-error.ts'
import { rolesFor, type Settings } from '../settings.ts'
import { isFile } from './path-kind.ts'

export type ModelLookup = Pick<ModelPort, 'describe'>

export interface RolesWanted {
  model: string | null
  fallback: string | null
  folder: string | null
  settings: Pick<Settings, 'roles' | 'models'>
  lookup: ModelLookup
}

/** Throws SlipwayError that says what to set when no model can be used. */
export async function chooseRoles({ model, fallback, folder, settings, lookup }: RolesWanted): Promise<Roles> {
  const roles = withFallback(await rolesOf(model === null ? null : absoluteScript(model, folder), settings), fallback)
  for (const name of new Set([roles.plan.model, roles.code.model, ...(fallback === null ? [] : [fallback])])) {
    const described = await lookup.describe(name)
    if (!described.ok) throw new SlipwayError('not-configured', described.message)
  }
  return roles
}

async function rolesOf(model: string | null, settings: RolesWanted['settings']): Promise<Roles> {
  if (model !== null)
    return rolesFor(model, {}, { cheap: cheapOf(model, settings.roles), fallback: null, effort: settings.roles?.code.effort ?? null })
  if (settings.roles !== null) return settings.roles
  // Nothing is set: what is left is an Ollama that answers.
  const local = await defaultModel(settings.models)
  if (local !== null) return rolesFor(local, {}, { cheap: null, fallback: null, effort: null })
  throw new SlipwayError('not-configured', NO_MODEL)
}

const NO_MODEL = [
  'No model is set up. Do one of these:',
  '  set ANTHROPIC_API_KEY, OPENAI_API_KEY or GOOGLE_GENERATIVE_AI_API_KEY',
  '  start Ollama with a model that can use tools (OLLAMA_BASE_URL when it is not on this machine)',
  '  play a script instead of a model: --model scripted/<file>',
  '`slipway demo` shows a whole run with a bundled script and needs none of these.',
].join('\n')

/** The helpers stay with the provider that was chosen: no text goes to another one unasked. */
function cheapOf(model: string, roles: Roles | null): string | null {
  const cheap = roles?.explore.model ?? null
  return cheap !== null && providerOf(cheap) === providerOf(model) ? cheap : null
}

function providerOf(model: string): string {
  return model.slice(0, model.indexOf('/'))
}

function withFallback(roles: Roles, fallback: string | null): Roles {
  if (fallback === null) return roles
  return { ...roles, plan: { ...roles.plan, fallback }, code: { ...roles.code, fallback } }
}

/** A script beside the person who types becomes an absolute path, so that any worker finds it. */
function absoluteScript(model: string, folder: string | null): string {
  const prefix = 'scripted/'
  if (!model.startsWith(prefix) || folder === null) return model
  const path = resolve(folder, model.slice(prefix.length))
  return isFile(path) ? `${prefix}${path}` : model
}
