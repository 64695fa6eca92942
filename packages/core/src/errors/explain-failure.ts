// A failed model call in one sentence for a person: what happened, and what to do.

import type { FailureKind } from './failure.ts'

/** Safe to show; `message` is the provider's own text, already free of credentials. */
export function explainFailure(kind: FailureKind, { model, message }: { model: string; message: string }): string {
  const said = message === '' ? '' : ` It said: ${message}`
  switch (kind) {
    case 'rate-limit':
      return `${model} limits the rate of requests. Wait and go on, or fork the session with another model.${said}`
    case 'overloaded':
      return `${model} is overloaded. Wait and go on, or fork the session with another model.${said}`
    case 'server':
      return `The provider of ${model} failed. Wait and go on, or fork the session with another model.${said}`
    case 'network':
      return `${model} could not be reached. Check the network and the provider's base URL, then go on.${said}`
    case 'cut':
      return `The answer of ${model} broke off before its end. Go on to ask again.${said}`
    case 'stalled':
      return `${model} sent nothing for too long. Go on to ask again, or choose another model.${said}`
    case 'empty':
      return `${model} answered with nothing. Go on to ask again, or choose another model.${said}`
    case 'overflow':
      return `The conversation is too long for ${model}, and nothing more can be left out. Start a new session for the rest, or fork with a model that has a larger window.${said}`
    case 'auth':
      return `The provider of ${model} refused the key. Set a valid key and restart, then go on; \`slipway doctor\` checks it.${said}`
    case 'quota':
      return `The account for ${model} has no quota or credit left. Mend that with the provider, then go on.${said}`
    case 'rejected':
      return `The provider of ${model} rejected the request.${said}`
    case 'no-tools':
      return `${model} cannot call tools, which the work needs. Fork the session with a model that can.${said}`
    case 'interrupted':
      return `The worker stopped during the call to ${model}; it is made again.`
    case 'stopped':
      return `The call to ${model} was stopped.`
  }
}
