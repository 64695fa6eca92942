import type { Awaited } from '@slipway/core/waiting/awaited-list'
import { lastLines } from '../render/plain-text.ts'

/** What is waited for, on one line: of a set-up that prints, what it printed last. */
export function waitText({ phase, text }: Pick<Awaited, 'phase' | 'text'>): string {
  return phase === 'setup' ? (lastLines(text, 1, 200)[0] ?? text) : text
}
