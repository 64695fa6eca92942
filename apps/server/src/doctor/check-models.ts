// Does each model provider that is set up accept its key. The calls list models, which costs nothing.

import { probeModel, type ProbeProblem } from '@slipway/agent/model/probe-model'
import type { ModelSettings, ProviderAccess } from '@slipway/agent/model/settings'
import type { Roles } from '@slipway/core/events'
import type { Secret } from '@slipway/core/secret'
import type { Finding } from './finding.ts'
import { broken, doubtful, well } from './finding.ts'
import type { Host } from './host.ts'

interface Provider {
  name: string
  keyName: string
  urlName: string
  access: ProviderAccess
  path: string
  headers(key: Secret): Record<string, string>
}

export async function checkModels(host: Host, settings: { models: ModelSettings; roles: Roles | null }): Promise<Finding[]> {
  const named = new Set(Object.values(settings.roles ?? {}).map(({ model }) => model.split('/')[0] ?? ''))
  const providers = providersOf(settings.models)
  const asked = providers.filter(({ access }) => access.key !== null)
  const answers = await Promise.all([
    ...asked.map((provider) => checkKey(host, provider)),
    checkOllama(host, settings.models.ollama, named.has('ollama')),
  ])
  const missing = providers.filter(({ name, access }) => access.key === null && named.has(name)).map(missingKey)
  const unfit = await checkNamedModels(settings)
  const known = [...answers.filter((finding) => finding !== null), ...missing, ...unfit]
  return known.length > 0 || named.size > 0 ? known : [noModel]
}

/** Keys and connections are looked at apart; this finds models that do not exist or cannot do the work. */
const UNFIT: Partial<Record<ProbeProblem, string>> = {
  'unknown-provider': 'The part before the slash is no provider.',
  'unknown-model': 'A role uses it.',
  'no-tools': 'A role uses it, and the work is done with tools.',
  'bad-script': 'A role plays it.',
}

async function checkNamedModels({ models, roles }: { models: ModelSettings; roles: Roles | null }): Promise<Finding[]> {
  const named = [...new Set(Object.values(roles ?? {}).flatMap(({ model, fallback }) => (fallback === null ? [model] : [model, fallback])))]
  const findings = named.map(async (model): Promise<Finding | null> => {
    const probe = await probeModel(models, model)
    const cause = probe.ok ? undefined : UNFIT[probe.problem]
    if (probe.ok || cause === undefined) return null
    return broken(`Model ${model}`, { summary: probe.message, cause, fix: 'Choose another model: `export SLIPWAY_MODEL=provider/model`' })
  })
  return (await Promise.all(findings)).filter((finding) => finding !== null)
}

const noModel = doubtful('Model', {
  summary: 'no model is set up',
  cause: 'No key is set and no Ollama answers. The demo works without one: it plays a script.',
  fix: 'Set a key (`export ANTHROPIC_API_KEY=…`; OPENAI_API_KEY and GOOGLE_GENERATIVE_AI_API_KEY do as well) or start Ollama: `ollama serve`',
})

function providersOf(models: ModelSettings): Provider[] {
  const bearer = (key: Secret) => ({ authorization: `Bearer ${key.reveal()}` })
  const usesOpenai = models.openaiCompatible.baseUrl === models.openai.baseUrl
  return [
    {
      name: 'anthropic',
      keyName: 'ANTHROPIC_API_KEY',
      urlName: 'ANTHROPIC_BASE_URL',
      access: models.anthropic,
      path: '/models?limit=1',
      headers: (key) => ({ 'x-api-key': key.reveal(), 'anthropic-version': '2023-06-01' }),
    },
    { name: 'openai', keyName: 'OPENAI_API_KEY', urlName: 'OPENAI_BASE_URL', access: models.openai, path: '/models', headers: bearer },
    ...(usesOpenai
      ? []
      : [
          {
            name: 'openai-compatible',
            keyName: 'OPENAI_COMPATIBLE_API_KEY',
            urlName: 'OPENAI_COMPATIBLE_BASE_URL',
            access: models.openaiCompatible,
            path: '/models',
            headers: bearer,
          },
        ]),
    {
      name: 'google',
      keyName: 'GOOGLE_GENERATIVE_AI_API_KEY',
      urlName: 'GOOGLE_GENERATIVE_AI_BASE_URL',
      access: models.google,
      path: '/models?pageSize=1',
      headers: (key) => ({ 'x-goog-api-key': key.reveal() }),
    },
  ]
}

async function checkKey(host: Host, provider: Provider): Promise<Finding> {
  const { access, keyName, urlName, path } = provider
  if (access.key === null) return missingKey(provider)
  const name = `Model ${provider.name}`
  const answer = await host.get(`${access.baseUrl}${path}`, provider.headers(access.key))
  if (!answer.ok) {
    return broken(name, {
      summary: `${access.baseUrl} cannot be reached`,
      cause: `The connection failed: ${answer.code}.`,
      fix: `Check ${urlName}, and what this says: \`curl -sS -o /dev/null ${access.baseUrl}\``,
    })
  }
  if (answer.status === 200) return well(name, `${access.baseUrl} accepts ${keyName}`)
  // Gemini answers 400 with this reason to a key that is none.
  const isRefused = [401, 403].includes(answer.status) || /API_KEY_INVALID|API key not valid/.test(answer.text)
  if (isRefused) {
    return broken(name, {
      summary: `${keyName} is refused`,
      cause: `${access.baseUrl} answers ${answer.status} to it.`,
      fix: `export ${keyName}=<a key that is valid for ${access.baseUrl}>`,
    })
  }
  if (answer.status === 404) {
    return doubtful(name, {
      summary: `${access.baseUrl} has no list of models`,
      cause: 'Some compatible servers have none; else the address is wrong.',
      fix: `echo $${urlName}`,
    })
  }
  return doubtful(name, {
    summary: `${access.baseUrl} answers ${answer.status}`,
    cause: 'The key could not be checked.',
    fix: 'Try again in a moment.',
  })
}

function missingKey({ name, keyName }: Provider): Finding {
  return broken(`Model ${name}`, {
    summary: `${keyName} is not set`,
    cause: `A role uses a model of ${name}.`,
    fix: `Set it (\`export ${keyName}=…\`) or choose another model: \`export SLIPWAY_MODEL=provider/model\``,
  })
}

/** An Ollama that is not there matters only when a role wants it. */
async function checkOllama(host: Host, access: ProviderAccess, isWanted: boolean): Promise<Finding | null> {
  const name = 'Model ollama'
  const headers = access.key === null ? {} : { authorization: `Bearer ${access.key.reveal()}` }
  const answer = await host.get(`${access.baseUrl}/tags`, headers)
  if (answer.ok && answer.status === 200) return judgeOllama(name, access.baseUrl, answer.text)
  if (!isWanted) return null
  const cause = answer.ok ? `${access.baseUrl} answers ${answer.status}.` : `The connection to ${access.baseUrl} failed: ${answer.code}.`
  return broken(name, { summary: 'Ollama does not answer', cause, fix: 'Set OLLAMA_BASE_URL, or start it: `ollama serve`' })
}

function judgeOllama(name: string, baseUrl: string, text: string): Finding {
  const models = /"models"\s*:\s*\[\s*\]/.test(text) ? 0 : 1
  if (models > 0) return well(name, `${baseUrl} answers`)
  return doubtful(name, { summary: 'Ollama has no model', cause: `${baseUrl} answers with an empty list.`, fix: 'ollama pull qwen3' })
}
