// Live text that is shown but never stored. Each piece carries its offset, so that a repetition overwrites.

import type { DeltaChannel, LiveBus } from '@slipway/core/ports'

/** Publishes model deltas; offsets count UTF-16 units per call and channel. */
export function modelDeltas(bus: LiveBus, sessionId: string): (channel: DeltaChannel, callId: string, text: string) => void {
  const offsets = new Map<string, number>()
  return (channel, callId, text) => {
    const key = `${callId} ${channel}`
    const offset = offsets.get(key) ?? 0
    offsets.set(key, offset + text.length)
    bus.publish({ kind: 'delta', delta: { sessionId, callId, channel, offset, text } })
  }
}

/** Publishes one command's output. */
export function outputDelta(bus: LiveBus, of: { sessionId: string; callId: string }): (text: string) => void {
  const publish = modelDeltas(bus, of.sessionId)
  return (text) => publish('output', of.callId, text)
}
