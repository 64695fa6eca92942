// A provider that repeats what it should not have kept: in its errors, in its text and thoughts, in what it asks tools to do.

import type { Brain, DoubleReply } from '../../doubles/models/brain.ts'
import type { Canary } from './draw-canaries.ts'

/** Text goes over the wire in pieces of a dozen characters; the words in between put the cuts at random places. */
export function canaryBrain(canaries: readonly Canary[], random: () => number): Brain {
  const between = (): string => ` ${'wordy '.repeat(4).slice(0, 1 + Math.floor(random() * 20))}; `
  const all = (): string => canaries.map(({ form }) => form + between()).join('')
  const some = (): string => Array.from({ length: 3 }, () => canaries[Math.floor(random() * canaries.length)]?.form).join(' and ')
  const forShell = canaries.filter(({ form }) => !form.includes('\0')).map(({ form }) => form)
  const call = (name: string, input: Record<string, unknown>): DoubleReply => ({ text: 'Next.', toolCalls: [{ name, input }] })
  const commit = call('commit', { message: `feat: do it with ${some()}` })
  const publish = call('publish', { title: 'feat: do it', summary: `It works with ${all()}` })
  const steps: DoubleReply[] = [
    {
      text: all(),
      reasoning: all(),
      toolCalls: [{ name: 'bash', input: { command: `node say.cjs; cat > leak.txt <<'END'\n${forShell.join('\n')}\nEND\n` } }],
    },
    call('mcp__wire__say', { [canaries[0]?.form ?? '']: 1 }),
    call('write_file', { path: 'leak2.txt', content: all() }),
    call('bash', { command: 'node hunt.cjs' }),
    commit,
    publish,
    publish,
    publish,
    call('finish', { summary: all() }),
    { text: 'Done.' },
    { text: 'Done.' },
  ]
  let asked = 0
  return (request) => {
    if (request.tools.length === 0) return { text: `A title with ${some()}` }
    asked += 1
    if (asked === 1) return { fault: { status: 500, message: `upstream said ${canaries[Math.floor(random() * canaries.length)]?.form}` } }
    if (asked === 2) return { text: all(), fault: { errorAfter: { characters: 300, status: 529, message: `overloaded ${some()}` } } }
    return steps[request.assistantTurns] ?? { text: 'Done.' }
  }
}
