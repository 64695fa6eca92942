// Puts the secret guard where everything passes: what is appended, stored beside the log, told to viewers, or sent to a model and back.

import { gunzipSync } from 'node:zlib'
import type { Delta, LiveBus, LiveMessage, ModelPort, ModelResult } from '@slipway/core/ports'
import type { StreamRedactor } from '@slipway/core/text/mask-ranges'
import { makeSecretGuard, type SecretGuard } from '@slipway/core/text/secret-guard'
import type { Store } from '@slipway/store/store'

const largestUnpackedBytes = 1_000_000
/** Streams that end without an outcome, such as those of verification, would stay for ever. */
const keptStreams = 500

/** A guard that also looks into gzip. */
export function openSecretGuard(secrets: readonly string[]): SecretGuard {
  return makeSecretGuard(secrets, (base64) => {
    try {
      return gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: largestUnpackedBytes }).toString('utf8')
    } catch {
      return null
    }
  })
}

/** The same store; what is written through it is guarded, and appends answer with what was written. */
export function guardStore(store: Store, guard: SecretGuard): Store {
  const { log, blobs, effects } = store
  return {
    ...store,
    log: { ...log, append: (input) => log.append({ ...input, events: guard.value(input.events) }) },
    blobs: { ...blobs, put: (bytes) => blobs.put(guard.bytes(bytes)) },
    effects: {
      ...effects,
      intend: (input) => effects.intend({ ...input, request: guard.value(input.request) }),
      finish: (input) => effects.finish({ ...input, answer: guard.value(input.answer) }),
    },
    bus: guardBus(store.bus, guard),
  }
}

/** The same model port; requests and answers are guarded. Its deltas are guarded where they are published. */
export function guardModel(model: ModelPort, guard: SecretGuard): ModelPort {
  return {
    describe: async (name) => guard.value(await model.describe(name)),
    call: async (request, hooks) => guardResult(await model.call(guard.value(request), hooks), guard),
  }
}

/** A thought with something taken out no longer fits its signature, and providers refuse to see it again: it goes as a whole. */
function guardResult(result: ModelResult, guard: SecretGuard): ModelResult {
  const guarded = guard.value(result)
  if (!guarded.ok || !result.ok || guarded === result) return guarded
  const content = guarded.content.filter((part, index) => part.type !== 'reasoning' || part === result.content[index])
  return { ...guarded, content }
}

function guardBus<Bus extends LiveBus>(bus: Bus, guard: SecretGuard): Bus {
  const guardDelta = deltaGuard(guard)
  function guarded(message: LiveMessage): LiveMessage | null {
    if (message.kind === 'progress') return guard.value(message)
    if (message.kind !== 'delta') return message
    const delta = guardDelta(message.delta)
    return delta.text === '' ? null : { kind: 'delta', delta }
  }
  return {
    ...bus,
    publish(message: LiveMessage) {
      const shown = guarded(message)
      if (shown !== null) bus.publish(shown)
    },
  }
}

interface OpenStream {
  redactor: StreamRedactor
  /** Units that came in, and that were told. */
  taken: number
  told: number
}

/** Offsets move with what is replaced or held back; what is held back at the end comes with the outcome's event. */
function deltaGuard(guard: SecretGuard): (delta: Delta) => Delta {
  const streams = new Map<string, OpenStream>()
  return (delta) => {
    const key = `${delta.callId} ${delta.channel}`
    const known = streams.get(key)
    // Out of order means that the call began anew, at an offset of its own.
    const stream = known?.taken === delta.offset ? known : { redactor: guard.stream(), taken: delta.offset, told: delta.offset }
    streams.delete(key)
    streams.set(key, stream)
    const [oldest] = streams.keys()
    if (streams.size > keptStreams && oldest !== undefined) streams.delete(oldest)
    const offset = stream.told
    const text = stream.redactor.push(delta.text)
    stream.taken += delta.text.length
    stream.told += text.length
    return { ...delta, offset, text }
  }
}
