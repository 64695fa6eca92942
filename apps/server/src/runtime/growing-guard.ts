// A guard and a redactor whose secrets grow: tokens of people's accounts become known while the process runs.

import type { Secret } from '@slipway/core/secret'
import { makeRedactor } from '@slipway/core/text/redact'
import type { SecretGuard } from '@slipway/core/text/secret-guard'
import { openSecretGuard } from './guard-ports.ts'

/** Those of one process; the oldest go first, and have run out by then. */
const KEPT = 200

export interface GrowingGuard {
  guard: SecretGuard
  redact(text: string): string
  learn(secret: Secret): void
}

export function openGrowingGuard(known: readonly string[]): GrowingGuard {
  const learned = new Set<string>()
  let guard = openSecretGuard(known)
  let redact = makeRedactor(known)
  let isCurrent = true

  function current(): { guard: SecretGuard; redact(text: string): string } {
    if (!isCurrent) {
      const all = [...known, ...learned]
      guard = openSecretGuard(all)
      redact = makeRedactor(all)
      isCurrent = true
    }
    return { guard, redact }
  }

  return {
    guard: {
      text: (text) => current().guard.text(text),
      value: (value) => current().guard.value(value),
      bytes: (bytes) => current().guard.bytes(bytes),
      stream: () => current().guard.stream(),
    },
    // What is packed only the guard can see.
    redact: (text) => current().redact(current().guard.text(text)),
    learn(secret) {
      const text = secret.reveal()
      if (learned.has(text)) return
      learned.add(text)
      const [oldest] = learned
      if (learned.size > KEPT && oldest !== undefined) learned.delete(oldest)
      isCurrent = false
    },
  }
}
