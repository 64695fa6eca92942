// What the sessions of this proof are about: a small repository, a task, and a model that does it step by step with
// everything in them that a crash can disturb. The model knows nothing but the request in front of it, as a real one.

import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Brain, DoubleReply, DoubleRequest } from '../../doubles/models/brain.ts'

interface Step {
  calls: { name: string; input: Record<string, unknown> }[]
  /** The first request for this step is refused: come again in a moment. */
  isLimited?: true
  /** The provider counts so many tokens that the conversation must be compacted before the next step. */
  fillsContext?: true
}

export const check = 'sh check.sh'

/** A command that leaves a mark each time it runs, and a line in a file of the work tree. */
function countedCommand(label: string, before = ''): Step['calls'][number] {
  const command = `${before}mkdir -p .runs && echo ran:${label} >> .runs/count && echo "${label} note" >> notes.txt && cat notes.txt`
  return { name: 'bash', input: { command } }
}

const read = (path: string): Step['calls'][number] => ({ name: 'read_file', input: { path } })

const limitedEdit: Step = {
  isLimited: true,
  calls: [{ name: 'edit_file', input: { path: 'greeting.txt', edits: [{ old_text: 'hello', new_text: 'hello, world' }] } }],
}
const countRuns: Step['calls'][number] = { name: 'bash', input: { command: 'cat .runs/count' } }
const publish: Step = { calls: [{ name: 'publish', input: { title: 'Greet the world', summary: 'The greeting is warmer now.' } }] }
const finish: Step = { calls: [{ name: 'finish', input: { summary: 'The greeting is warmer.' } }] }
const commit: Step['calls'][number] = { name: 'commit', input: { message: 'Greet the world' } }
const readLong = ['long-1.txt', 'long-2.txt', 'long-3.txt'].map(read)

export type StoryName = 'short' | 'slow' | 'long'

/** What the slow command prints once it has begun; it runs for longer than anybody waits, unless it is made again. */
export const slowCommandBegan = 'the slow command has begun'
const slowly = `mkdir -p .runs && if mkdir .runs/slow 2>/dev/null; then echo "${slowCommandBegan}"; sleep 600; fi`

const shortOf = (work: Step['calls'][number]): Step[] => [
  { calls: readLong },
  { fillsContext: true, calls: [work] },
  { ...limitedEdit, calls: [...limitedEdit.calls, countRuns] },
  // Apart from the edit: one that is cut three times is told as cut, and made again before the commit.
  { calls: [commit] },
  publish,
  finish,
]

/** All: calls side by side, a back-off, a compaction, edits, counted commands, a commit, a verification, an approval, a publication. */
const stories: Record<StoryName, Step[]> = {
  short: shortOf(countedCommand('first')),
  slow: shortOf(countedCommand('first', `${slowly} && `)),
  long: [
    {
      calls: [
        { name: 'update_plan', input: { steps: [{ title: 'Change the greeting', status: 'active' }] } },
        ...readLong,
        { name: 'list_files', input: { path: '.' } },
      ],
    },
    { calls: [{ name: 'ask_human', input: { question: 'How shall the greeting sound?', options: ['short', 'warm'] } }] },
    limitedEdit,
    { fillsContext: true, calls: [countedCommand('first')] },
    { calls: [read('greeting.txt'), { name: 'search', input: { pattern: 'hello' } }, countedCommand('second')] },
    { calls: [{ name: 'write_file', input: { path: 'added.txt', content: 'a new file\n' } }, countedCommand('third')] },
    { calls: [commit] },
    publish,
    { calls: [countRuns] },
    finish,
  ],
}

/** The one answer that the person gives. */
export const personsAnswer = 'warm'

const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false']

/** A repository that logs every change of its branches, so that a second push would show. */
export async function makeStoryRepository(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  const files: Record<string, string> = {
    'greeting.txt': 'hello\n',
    'notes.txt': 'notes\n',
    '.gitignore': '/.runs/\n',
    'check.sh': 'grep -q "hello, world" greeting.txt && test "$(sort -u notes.txt | wc -l)" -eq "$(wc -l < notes.txt)"\n',
    // Three of these are more than what a compaction keeps.
    ...Object.fromEntries(
      [1, 2, 3].map((number) => [`long-${number}.txt`, `${'the quick brown fox jumps over it\n'.repeat(800)}${number}\n`]),
    ),
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text)
  const git = (...args: string[]) => promisify(execFile)('git', [...identity, ...args], { cwd: path })
  await git('init', '--quiet', '--initial-branch=main')
  await git('config', 'core.logAllRefUpdates', 'always')
  await git('add', '.')
  await git('commit', '--quiet', '-m', 'Begin')
}

/** What the task says; the names tell sessions apart at the model's end of the wire. */
export function taskOf(story: StoryName, name: string): string {
  return `Make the greeting warmer. This is the ${story} session ${name}.`
}

function namedIn(text: string): { story: StoryName; name: string } {
  const [, story = '', name = ''] = /This is the (short|slow|long) session ([\w-]+)\./.exec(text) ?? []
  return { story: story as StoryName, name } // one of those that the expression names
}

/** Of the session with this task. */
export const storyOf = (task: string): StoryName => namedIn(task).story

/** Plays the model of every session. A call that was cut by a crash is made again; what had an outcome is not. */
export function tellStory(): Brain {
  const limited = new Set<string>()
  return (request) => {
    if (!request.tools.includes('finish')) return { text: 'The greeting was read; it shall become warmer.' }
    const said = [...request.rawBody.matchAll(/Step (\d+) of the work\./g)].map((match) => Number(match[1]))
    const last = Math.max(0, ...said)
    const again = interruptedCalls(request)
    const next = again.length > 0 ? last : last + 1
    const { story, name } = namedIn(request.rawBody)
    const steps = stories[story]
    const key = `${name} ${next}`
    if (steps[next - 1]?.isLimited && !limited.has(key)) {
      limited.add(key)
      return { fault: { status: 429, headers: { 'retry-after-ms': '250' } } }
    }
    const step = steps[next - 1]
    if (!step) return { text: 'There is nothing left to do.' }
    return reply(step, next, again.length > 0 ? again : step.calls.map((_, index) => ({ index, attempt: 1 })))
  }
}

interface Chosen {
  index: number
  attempt: number
}

function reply(step: Step, number: number, chosen: Chosen[]): DoubleReply {
  return {
    text: `Step ${number} of the work.`,
    toolCalls: chosen.flatMap(({ index, attempt }) => {
      const call = step.calls[index]
      return call ? [{ id: `step${number}_call${index}_attempt${attempt}_x`, ...call }] : []
    }),
    ...(step.fillsContext ? { usage: { input: 175_000, output: 40 } } : {}),
  }
}

function interruptedCalls({ lastResults }: DoubleRequest): Chosen[] {
  return lastResults.flatMap(({ id, output }) => {
    const found = /^step\d+_call(\d+)_attempt(\d+)_x$/.exec(id)
    return found && /was interrupted while this ran|ended while this ran/.test(output)
      ? [{ index: Number(found[1]), attempt: Number(found[2]) + 1 }]
      : []
  })
}
