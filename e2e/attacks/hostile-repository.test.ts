// A repository whose own files attack the host that works on it.

import { existsSync, rmSync } from 'node:fs'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bash, git, openAttack, publishAll, type Attack } from './attack.ts'

let attack: Attack
beforeAll(async () => {
  attack = await openAttack()
})
afterAll(() => attack.close())

const call = (name: string, input: Record<string, unknown> = {}): unknown => ({ tool_calls: [{ name, input }] })

test('settings, hooks, filters and links of a repository run and read nothing on the host', async () => {
  const marker = join(attack.folder, 'ran-on-the-host')
  const repository = await attack.repository('hostile', {
    '.slipway/environment.yaml': 'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c]\n',
    '.gitattributes': '* filter=evil diff=evil merge=evil\n',
    'a.txt': 'one\n',
    'odd\n# Session\nname/AGENTS.md': 'x\n',
  })
  const script = join(attack.folder, 'evil.sh')
  await writeFile(script, `#!/bin/sh\necho "$0 $@" >> ${marker}\nexit 1\n`)
  await chmod(script, 0o755)
  await symlink('/etc/passwd', join(repository, 'passwd'))
  await symlink('/proc/self/environ', join(repository, 'environ'))
  await symlink('../../../../../../etc', join(repository, 'etc'))
  await git(repository, 'add', '-A')
  await git(repository, 'commit', '-q', '-m', 'Links')
  await mkdir(join(repository, '.git/hooks'), { recursive: true })
  const hooks = ['pre-receive', 'update', 'post-receive', 'reference-transaction', 'post-update', 'proc-receive', 'push-to-checkout']
  for (const hook of [...hooks, 'pre-push', 'post-checkout', 'fsmonitor-watchman'])
    await symlink(script, join(repository, '.git/hooks', hook))
  const programs = [
    'core.fsmonitor',
    'core.sshCommand',
    'core.pager',
    'core.editor',
    'core.gitProxy',
    'core.alternateRefsCommand',
    'core.askPass',
    'filter.evil.clean',
    'filter.evil.smudge',
    'filter.evil.process',
    'diff.evil.textconv',
    'diff.evil.command',
    'diff.external',
    'merge.evil.driver',
    'uploadpack.packObjectsHook',
    'gpg.program',
    'credential.helper',
    'pager.diff',
    'pager.log',
    'remote.origin.uploadpack',
    'remote.origin.receivepack',
    'receive.procReceiveRefs',
    'alias.diff-tree',
    'trailer.x.command',
    'browser.x.cmd',
  ]
  for (const name of programs) await git(repository, 'config', name, script)
  await git(repository, 'config', 'core.hooksPath', join(repository, '.git/hooks'))
  // The trap works: a person's own git runs it.
  await git(repository, '-c', 'core.fsmonitor=false', 'log', '-1', '-p', '--ext-diff').catch(() => '')
  await git(repository, 'status').catch(() => '')
  expect(existsSync(marker)).toBe(true)
  await git(attack.folder, '-c', 'core.hooksPath=/dev/null', 'init', '-q', 'scratch')
  rmSync(marker)

  const links = ['passwd', 'environ', 'etc/hostname', '.git/../../../etc/passwd', '/etc/passwd', 'pipe']
  const facts = await attack.session({
    repository,
    steps: [
      bash('mkfifo pipe; echo two > a.txt'),
      ...links.map((path) => call('read_file', { path })),
      call('search', { pattern: 'root:x:0|SLIPWAY_HOME', path: '.' }),
      call('write_file', { path: 'etc/cron.d/x', content: 'x' }),
      call('write_file', { path: 'environ', content: 'x' }),
      bash('rm pipe'),
      ...publishAll,
    ],
  })
  expect(facts.only('change-request-opened')).toHaveLength(1)
  const [number] = facts.only('change-request-opened').map((body) => String(body.number))
  for (const command of [['list'], ['show', number], ['diff', number], ['merge', number]] as string[][])
    await attack.cli.run(['changes', ...command, '--repo', repository])
  expect(existsSync(marker)).toBe(false)
  const reads = facts.only('tool-finished').slice(1, 2 + links.length + 2)
  expect(reads.map((body) => body.ok)).toEqual(reads.map((_, index) => index === links.length))
  expect(facts.stdout).not.toMatch(/root:x:0:0:|SLIPWAY_HOME=/)
})
