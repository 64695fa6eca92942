// A session whose every step can be done again: a model that is told that files are gone begins once more.

import type { Brain } from '../../doubles/models/brain.ts'

export const task = 'Make the greeting warmer and count to ten thousand.'
export const check = 'grep -q "hello, world" greeting.txt && test "$(wc -l < numbers.txt)" -eq 10000 && test "$(cat added.txt)" = added'

const run = (command: string) => ({ name: 'bash', input: { command } })
const steps = [
  [run(`sed -i 's/^hello.*/hello, world/' greeting.txt && cat greeting.txt`)],
  [{ name: 'write_file', input: { path: 'added.txt', content: 'added\n' } }],
  [run('seq 10000 > numbers.txt && mkdir -p deep/er && seq 500 > deep/er/more.txt')],
  [{ name: 'read_file', input: { path: 'greeting.txt' } }, run('wc -l numbers.txt')],
  [{ name: 'commit', input: { message: 'Greet the world' } }],
  [{ name: 'publish', input: { title: 'Greet the world', summary: 'The greeting is warmer now.' } }],
  [{ name: 'finish', input: { summary: 'The greeting is warmer.' } }],
]

/** Plays the model: one step after the other, a step that was cut once more, everything once more when files are gone. */
export const tellAgain: Brain = (request) => {
  if (!request.tools.includes('finish')) return { text: 'The greeting was read.' }
  const said = [...request.rawBody.matchAll(/Step (\d+) of the work, try (\d+)\./g)]
  const [last, attempt] = [Number(said.at(-1)?.[1] ?? 0), Number(said.at(-1)?.[2] ?? 0)]
  const losses = request.rawBody.split('The machine lost the newest state').length - 1
  const restarts = request.rawBody.split('From the beginning.').length - 1
  // What cannot be done again says so; everything else that failed is tried once more.
  const wasCut = request.lastResults.some(({ failed, output }) => failed && !output.includes('exists already'))
  const isLost = losses > restarts
  const number = isLost ? 1 : wasCut ? last : last + 1
  const calls = steps[number - 1]
  if (!calls) return { text: 'There is nothing left to do.' }
  return {
    text: `${isLost ? 'From the beginning. ' : ''}Step ${number} of the work, try ${attempt + 1}. ${'I think about it. '.repeat(3)}`,
    paceMs: 5,
    toolCalls: calls.map((call, index) => ({ id: `step${number}_${index}_${attempt + 1}`, ...call })),
  }
}
