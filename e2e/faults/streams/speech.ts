// What is streamed in this proof: no part of it is like another, its characters take one to four bytes, some two UTF-16 units
// and some several code points, and the terminal's bytes arrive with characters cut in half.

import type { Brain, DoubleReply } from '../../doubles/models/brain.ts'

const spices = ['é', 'ß', '漢字', '🚀', '👩‍🚀', '🇳🇴', 'е́', '𝔘']

/** `count` words that differ; `name` makes this text differ from every other. */
function speech(name: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${name}${index}${spices[index % spices.length]}`).join(' ')
}

export interface Scene {
  /** Words of each text that the model says; after each but the last it runs a command. */
  words: number
  paceMs: number
  /** Lines that each command prints. */
  lines: number
}

const turns = ['a', 'b', 'c']

/** Prints each line in two writes, the first of which ends in the middle of the rocket's four bytes. */
function command(name: string, { lines }: Scene): string {
  return `for i in $(seq ${lines}); do printf '${name}%s \\360\\237' $i; sleep 0.01; printf '\\232\\200 é漢\\n'; done`
}

/** What the terminal shows of it. */
export function terminalText(name: string, { lines }: Scene): string {
  return Array.from({ length: lines }, (_, index) => `${name}${index + 1} 🚀 é漢\n`).join('')
}

/** What the session's calls say, in order. */
export function spoken(scene: Scene): string[] {
  return turns.map((turn) => speech(turn, scene.words))
}

/** Streams the scene in the session that is asked to talk; thinks for ever in the one that is asked to think. */
export function tellScene(scene: Scene): Brain {
  return (request) => {
    if (request.rawBody.includes(thinkingTask)) return new Promise<DoubleReply>(() => undefined)
    if (!request.tools.includes('finish')) return { text: 'They talk.' }
    const turn = turns[request.assistantTurns]
    if (turn === undefined) return { text: 'That was all.' }
    const isLast = request.assistantTurns === turns.length - 1
    const call = isLast
      ? { name: 'finish', input: { summary: 'Everything is said.' } }
      : { name: 'bash', input: { command: command(turn, scene) } }
    return { text: speech(turn, scene.words), toolCalls: [call], paceMs: scene.paceMs }
  }
}

export const talkingTask = 'Talk while others listen.'
export const thinkingTask = 'Think, and say nothing.'
