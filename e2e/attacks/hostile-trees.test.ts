// Repositories whose trees are a trap for whoever checks them out.

import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rounds } from '../faults/effort.ts'
import { bash, git, openAttack, publishAll, type Attack } from './attack.ts'

let attack: Attack
beforeAll(async () => {
  attack = await openAttack()
})
afterAll(() => attack.close())

const call = (name: string, input: Record<string, unknown> = {}): unknown => ({ tool_calls: [{ name, input }] })

/** An object of the repository, whatever it holds. */
function object(repository: string, type: string, content: Uint8Array): string {
  return execFileSync('git', ['hash-object', '-w', '-t', type, '--literally', '--stdin'], { cwd: repository, input: content })
    .toString()
    .trim()
}

/** Puts a tree of these entries, in git's order, on the branch. */
async function commitTree(repository: string, entries: [mode: string, name: string, oid: string][]): Promise<void> {
  const key = ([mode, name]: [string, string, string]): string => (mode === '40000' ? `${name}/` : name)
  const sorted = entries.toSorted((one, other) => Buffer.compare(Buffer.from(key(one)), Buffer.from(key(other))))
  const content = sorted.flatMap(([mode, name, oid]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])
  const tree = object(repository, 'tree', Buffer.concat(content))
  await git(repository, 'update-ref', 'HEAD', await git(repository, 'commit-tree', '-p', 'HEAD', '-m', 'Trap', tree))
}

function nested(repository: string, levels: number, oid: string): string {
  let inner = oid
  for (let level = 0; level < levels; level += 1)
    inner = object(repository, 'tree', Buffer.concat([Buffer.from(`${level === 0 ? '100644' : '40000'} d\0`), Buffer.from(inner, 'hex')]))
  return inner
}

test('names that mean something elsewhere, collisions and deep folders are worked on like others', async () => {
  const repository = await attack.repository('odd-names', { 'a.txt': 'one\n' })
  const file = object(repository, 'blob', Buffer.from('one\n'))
  const names = [
    'CON',
    'aux.c',
    'nul.txt',
    'README',
    'readme',
    '\u00e9.txt',
    'e\u0301.txt',
    'x\u200by',
    'tab\tnew\nline',
    'quote\'"$(touch x)',
    '-rf',
    '\u202etxt.exe',
    'a\\b',
  ]
  await commitTree(repository, [
    ...names.map((name): [string, string, string] => ['100644', name, file]),
    ['100644', 'a.txt', file],
    ['40000', 'deep', nested(repository, 300, file)],
  ])
  const facts = await attack.session({
    repository,
    steps: [
      call('list_files', { path: '.' }),
      ...names.map((path) => call('read_file', { path })),
      call('search', { pattern: 'one', path: '.' }),
      bash('ls | wc -l; echo two > a.txt'),
      ...publishAll,
    ],
  })
  const finished = facts.only('tool-finished')
  expect(finished.slice(0, names.length + 3).map((body) => body.ok)).toEqual(finished.slice(0, names.length + 3).map(() => true))
  expect(facts.only('change-request-opened')).toHaveLength(1)
})

// Each takes a dozen seconds, as a sandbox that does not come up is tried again.
test.each(['.git', '.GIT', 'git~1', '..'].slice(0, rounds({ short: 1, long: 4 })))(
  'a tree with %j in it comes into no sandbox, and the reason is said',
  async (name) => {
    const repository = await attack.repository(`folder-${Buffer.from(name).toString('hex')}`, { 'a.txt': 'one\n' })
    const file = object(repository, 'blob', Buffer.from('[core]\n\tfsmonitor = touch /work/ran\n'))
    const inner = object(repository, 'tree', Buffer.concat([Buffer.from('100644 config\0'), Buffer.from(file, 'hex')]))
    await commitTree(repository, [['40000', name, inner]])
    const facts = await attack.session({ repository, steps: [bash('ls -la; echo reached'), ...publishAll] })
    expect(facts.stdout + facts.stderr).toMatch(/could not be put into the sandbox.*invalid path/s)
    expect(facts.stdout).not.toContain('reached\\n')
    expect(facts.code).not.toBe(0)
    const after = await attack.session({
      repository: await attack.repository(`after-${Buffer.from(name).toString('hex')}`, { 'a.txt': 'one\n' }),
      steps: [bash('echo two > a.txt'), ...publishAll],
    })
    expect(after.only('change-request-opened')).toHaveLength(1)
  },
  90_000,
)
