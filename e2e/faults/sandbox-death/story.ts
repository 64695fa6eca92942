// A session with a slow command, a large file and a slow check, so that there is time to take its sandbox away in each of them.

import type { Brain } from '../../doubles/models/brain.ts'

/** Long enough that a sandbox can be destroyed in the middle. */
const slowMs = 1_200
export const check = `sleep ${slowMs / 1000} && sh check.sh && test "$(wc -l < large.txt)" -eq 20000`
export const task = 'Make the greeting warmer, slowly.'

/** No two lines alike: an answer that repeats itself would be ended. */
const large = Array.from({ length: 20_000 }, (_, index) => `line ${(index * 7_919) % 100_003}\n`).join('')
const steps = [
  [{ name: 'edit_file', input: { path: 'greeting.txt', edits: [{ old_text: 'hello', new_text: 'hello, world' }] } }],
  [{ name: 'bash', input: { command: `cat greeting.txt && sleep ${slowMs / 1000} && cat greeting.txt notes.txt > both.txt` } }],
  [{ name: 'write_file', input: { path: 'large.txt', content: large } }],
  [{ name: 'bash', input: { command: 'cat both.txt && wc -c large.txt' } }],
  [{ name: 'commit', input: { message: 'Greet the world' } }],
  [{ name: 'publish', input: { title: 'Greet the world', summary: 'The greeting is warmer now.' } }],
  [{ name: 'finish', input: { summary: 'The greeting is warmer.' } }],
]

/** Plays the model: does one step after the other, and repeats the one that it is told was cut. */
export const tellSlowly: Brain = (request) => {
  if (!request.tools.includes('finish')) return { text: 'The greeting was read.' }
  const said = [...request.rawBody.matchAll(/Step (\d+) of the work, try (\d+)\./g)]
  const [last, attempt] = [Number(said.at(-1)?.[1] ?? 0), Number(said.at(-1)?.[2] ?? 1)]
  const wasCut = request.lastResults.some(({ output }) => /The sandbox ended while this ran/.test(output))
  const [number, next] = wasCut ? [last, attempt + 1] : [last + 1, 1]
  const calls = steps[number - 1]
  if (!calls) return { text: 'There is nothing left to do.' }
  return {
    // Word by word, so that there is time between two commands too; a large file would take for ever.
    text: `Step ${number} of the work, try ${next}. ${'I think about it. '.repeat(6)}`,
    ...(number === 3 ? {} : { paceMs: 20 }),
    toolCalls: calls.map((call, index) => ({ id: `step${number}_${index}_${next}`, ...call })),
  }
}
