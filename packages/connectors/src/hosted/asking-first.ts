// A client for a worker that may lose its session meanwhile: each call that changes something asks right before.

import type { AssertHeld } from '@slipway/core/ports'
import type { HostedClient } from './hosted-client.ts'

/** The same client; what `assertHeld` throws is what the call throws, and nothing is sent. */
export function askingFirst(client: HostedClient, assertHeld: AssertHeld = () => undefined): HostedClient {
  const asking =
    <Input, Result>(call: (input: Input, signal: AbortSignal) => Promise<Result>) =>
    async (input: Input, signal: AbortSignal): Promise<Result> => {
      assertHeld()
      return call(input, signal)
    }
  return {
    ...client,
    createPull: asking(client.createPull),
    updatePull: asking(client.updatePull),
    setDraft: asking(client.setDraft),
    addLabels: asking(client.addLabels),
    addReviewer: asking(client.addReviewer),
  }
}
