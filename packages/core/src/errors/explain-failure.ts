import { oneLine } from '../text/clean.ts'
import { shortModel } from '../text/short-model.ts'
import type { FailureKind } from './failure.ts'

interface Explanation {
  /** What happened, after the model's name. */
  happened: string
  todo: string
}

const EXPLANATIONS: Record<FailureKind, Explanation> = {
  'rate-limit': {
    happened: 'is rate-limited',
    todo: 'Wait a little and continue, choose another model, or have the limit raised by the provider.',
  },
  overloaded: { happened: 'is overloaded', todo: 'Wait a little and continue, or choose another model.' },
  server: {
    happened: 'failed on its side',
    todo: 'Continue to try again; if it stays so, look at the provider’s status page or choose another model.',
  },
  network: {
    happened: 'could not be reached',
    todo: 'Check the network and the provider’s base URL (`slipway doctor` tests both), then continue.',
  },
  cut: {
    happened: 'broke off in the middle of its answer',
    todo: 'Continue to try again; if it happens often, a proxy between may close long answers.',
  },
  stalled: { happened: 'stopped answering', todo: 'Continue to try again, or choose a faster model.' },
  empty: { happened: 'gave an empty answer', todo: 'Continue to try again, or choose another model.' },
  repeating: { happened: 'repeated itself without end', todo: 'Continue to try again, or choose another model.' },
  overflow: {
    happened: 'cannot take a conversation this long, even after it was summarised',
    todo: 'Choose a model with a larger context window, or start a new session for the rest.',
  },
  auth: {
    happened: 'refused the API key',
    todo: 'Check the provider’s key and what it may use in the settings (`slipway doctor` tests it), then continue.',
  },
  quota: {
    happened: 'has no credit or quota left',
    todo: 'Top up or raise the limit with the provider, then continue, or choose another model.',
  },
  rejected: { happened: 'rejected the request', todo: 'Check the model’s name and settings, or choose another model; then continue.' },
  'no-tools': {
    happened: 'cannot call tools, which the work needs',
    todo: 'Choose a model that can call tools for this role, then continue.',
  },
  interrupted: { happened: 'was interrupted', todo: 'Continue to repeat the call; nothing else is lost.' },
  stopped: { happened: 'was stopped', todo: 'Continue whenever you like.' },
}

/** One sentence for a person: which model, what happened, what the provider said. `message` must be free of credentials. */
export function describeFailure(kind: FailureKind, details: { model: string; message: string }): string {
  const message = oneLine(details.message, 300).replace(/[.\s]+$/, '')
  return `${oneLine(shortModel(details.model), 100)} ${EXPLANATIONS[kind].happened}${message === '' ? '' : ` (${message})`}.`
}

/** The same, and what to do. */
export function explainFailure(kind: FailureKind, details: { model: string; message: string }): string {
  return `${describeFailure(kind, details)} ${EXPLANATIONS[kind].todo}`
}
