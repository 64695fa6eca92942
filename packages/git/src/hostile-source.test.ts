// What a repository on this disk can be made to look like by somebody else, and what Slipway says to it.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { prepareMirror } from './prepare-mirror.ts'
import { scratchFolder, scratchRepository } from './testing/scratch-repository.ts'
import type { Scratch } from './testing/scratch-repository.ts'

interface Scene {
  /** The repository that Slipway is pointed at. */
  hostile: Scratch
  /** Another repository of the machine, which nobody named. */
  private: Scratch
  privateOid: string
  /** A program; whenever it ran, the marker is there. */
  script: string
  git: string
}

let folder: ReturnType<typeof scratchFolder>
let scene: Scene
let marker: string
const secret = 'nobody else should read this'

beforeEach(() => {
  folder = scratchFolder()
  marker = join(folder.path, 'ran-on-the-host')
  const hostile = scratchRepository(join(folder.path, 'hostile'))
  hostile.commit({ 'a.txt': 'a\n' })
  const other = scratchRepository(join(folder.path, 'private'))
  const privateOid = other.commit({ 'secret.txt': secret })
  const script = join(folder.path, 'evil.sh')
  writeFileSync(script, `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 })
  scene = { hostile, private: other, privateOid, script, git: join(hostile.path, '.git') }
})
afterEach(() => folder.remove())

const prepare = (path = scene.hostile.path) => prepareMirror({ home: join(folder.path, 'home'), url: path, base: null, credential: null })

/** Whether the private text lies in any object of Slipway's home. */
function leaked(): boolean {
  const home = join(folder.path, 'home')
  const mirrors = existsSync(join(home, 'mirrors')) ? readdirSync(join(home, 'mirrors')).filter((name) => name.endsWith('.git')) : []
  return mirrors.some((name) => {
    const gitDir = join(home, 'mirrors', name)
    const run = (...args: string[]) => execFileSync('git', ['--git-dir', gitDir, ...args], { maxBuffer: 1e9 }).toString('latin1')
    const oids = run('cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n').filter(Boolean)
    return oids.some((oid) => run('cat-file', '-p', oid).includes(secret))
  })
}

const fifo = (path: string): void => {
  rmSync(path, { force: true, recursive: true })
  execFileSync('mkfifo', [path])
}

const refused: [what: string, trap: (scene: Scene) => void, words: string][] = [
  [
    'objects borrowed from another repository',
    ({ private: other, privateOid, git }) => {
      writeFileSync(join(git, 'objects/info/alternates'), `# comment\n${other.path}/.git/objects\n`)
      writeFileSync(join(git, 'refs/heads/main'), `${privateOid}\n`)
    },
    'git repack -a -d',
  ],
  [
    'a .git file that points to another repository',
    ({ private: other, git }) => {
      rmSync(git, { recursive: true })
      writeFileSync(git, `gitdir: ${other.path}/.git\n`)
    },
    'does not know this folder',
  ],
  [
    'a .git file that points to a work tree of another repository',
    ({ private: other, git }) => {
      other.git(['worktree', 'add', '--quiet', '--detach', join(folder.path, 'elsewhere')])
      rmSync(git, { recursive: true })
      writeFileSync(git, `gitdir: ${other.path}/.git/worktrees/elsewhere\n`)
    },
    'does not know this folder',
  ],
  [
    'a .git file with a forged work tree behind it',
    ({ private: other, hostile, git }) => {
      const forged = join(hostile.path, 'worktrees/x')
      rmSync(git, { recursive: true })
      mkdirSync(forged, { recursive: true })
      writeFileSync(git, `gitdir: ${forged}\n`)
      writeFileSync(join(forged, 'gitdir'), `${git}\n`)
      writeFileSync(join(forged, 'HEAD'), 'ref: refs/heads/main\n')
      writeFileSync(join(forged, 'commondir'), `${other.path}/.git\n`)
    },
    'does not know this folder',
  ],
  [
    'a git folder that takes its contents from another one',
    ({ private: other, git }) => writeFileSync(join(git, 'commondir'), `${other.path}/.git\n`),
    'is part of',
  ],
  [
    'a .git that is a link',
    ({ private: other, git }) => {
      rmSync(git, { recursive: true })
      symlinkSync(join(other.path, '.git'), git)
    },
    'is a symbolic link',
  ],
  ...(['objects', 'refs', 'refs/heads', 'objects/pack'] as const).map((name): (typeof refused)[number] => [
    `${name} that is a link to another repository's`,
    ({ private: other, git }) => {
      rmSync(join(git, name), { recursive: true })
      symlinkSync(join(other.path, '.git', name), join(git, name))
    },
    'git would read outside the repository',
  ]),
  [
    "one object that is a link to another repository's",
    ({ private: other, privateOid, git }) => {
      mkdirSync(join(git, 'objects', privateOid.slice(0, 2)), { recursive: true })
      const loose = join('objects', privateOid.slice(0, 2), privateOid.slice(2))
      symlinkSync(join(other.path, '.git', loose), join(git, loose))
    },
    'git would read outside the repository',
  ],
  [
    'HEAD that is a link to a file of the host',
    ({ git }) => (rmSync(join(git, 'HEAD')), symlinkSync('/etc/passwd', join(git, 'HEAD'))),
    'symbolic link',
  ],
  [
    'settings that are a link to a file of the host',
    ({ git }) => (rmSync(join(git, 'config')), symlinkSync('/etc/passwd', join(git, 'config'))),
    'symbolic link',
  ],
  ...['HEAD', 'config', 'packed-refs', 'refs/heads/x', 'objects/info/alternates', 'shallow', 'info/grafts'].map(
    (name): (typeof refused)[number] => [`${name} that is a pipe`, ({ git }) => fifo(join(git, name)), 'wait for it for ever'],
  ),
  [
    'a partial clone whose missing objects a program would fetch',
    ({ hostile, script, git }) => {
      const blob = hostile.git(['rev-parse', 'HEAD:a.txt'])
      hostile.git(['config', 'extensions.partialClone', 'evil'])
      hostile.git(['config', 'core.repositoryFormatVersion', '1'])
      hostile.git(['config', 'remote.evil.promisor', 'true'])
      hostile.git(['config', 'remote.evil.url', hostile.path])
      hostile.git(['config', 'remote.evil.uploadpack', script])
      rmSync(join(git, 'objects', blob.slice(0, 2)), { recursive: true })
    },
    'partial clone',
  ],
  ['settings that include a file of the host', ({ hostile }) => hostile.git(['config', 'include.path', '/etc/passwd']), 'bad config line'],
  [
    'history that was cut with grafts',
    ({ hostile, git }) => {
      hostile.commit({ 'a.txt': 'b\n' })
      writeFileSync(join(git, 'info/grafts'), `${hostile.git(['rev-parse', 'HEAD'])}\n`)
    },
    'Failed to traverse parents',
  ],
  [
    'history that was cut as a shallow clone',
    ({ hostile, git }) => {
      hostile.commit({ 'a.txt': 'b\n' })
      writeFileSync(join(git, 'shallow'), `${hostile.git(['rev-parse', 'HEAD'])}\n`)
    },
    'shallow clone',
  ],
  [
    'objects that are not what their names say',
    ({ hostile, git }) => {
      const blob = hostile.git(['rev-parse', 'HEAD:a.txt'])
      const wrong = hostile.git(['hash-object', '-w', '--stdin'], { input: 'another text' })
      const loose = (oid: string) => join(git, 'objects', oid.slice(0, 2), oid.slice(2))
      rmSync(loose(blob))
      renameSync(loose(wrong), loose(blob))
    },
    'failed',
  ],
]

describe('refused before or while git looks at it', () => {
  test.each(refused)('%s', async (_, trap, words) => {
    trap(scene)
    const startedAt = performance.now()
    const prepared = await prepare()
    expect(prepared).toMatchObject({ ok: false, message: expect.stringContaining(words) })
    expect(performance.now() - startedAt).toBeLessThan(25_000)
    expect({ ran: existsSync(marker), leaked: leaked() }).toEqual({ ran: false, leaked: false })
    // A repository like any other works afterwards, in the same home.
    expect(await prepare(scene.private.path)).toMatchObject({ ok: true })
  })
})

const harmless: [what: string, trap: (scene: Scene) => void][] = [
  ['http alternates', ({ git }) => writeFileSync(join(git, 'objects/info/http-alternates'), 'http://127.0.0.1:1/objects\n')],
  ['an alternates file without a path', ({ git }) => writeFileSync(join(git, 'objects/info/alternates'), '# none\n')],
  [
    'submodules with commands for addresses',
    ({ hostile, script }) => {
      hostile.write(
        '.gitmodules',
        `[submodule "x"]\n\tpath = x\n\turl = --upload-pack=${script}\n\tupdate = !${script}\n[submodule "../../../hooks"]\n\tpath = y\n\turl = ext::sh -c ${script}\n`,
      )
      hostile.git(['add', '-A'])
      hostile.git(['update-index', '--add', '--cacheinfo', `160000,${scene.privateOid},x`])
      hostile.git(['commit', '--quiet', '-m', 'Submodules'])
      hostile.git(['config', 'submodule.x.url', `ext::${script}`])
      hostile.git(['config', 'submodule.x.update', `!${script}`])
    },
  ],
  [
    'remotes, aliases and helpers that are programs',
    ({ hostile, script }) => {
      for (const name of [
        'alias.upload-pack',
        'alias.ls-remote',
        'remote.origin.vcs',
        'credential.helper',
        'core.askPass',
        'core.gitProxy',
        'sequence.editor',
        'interactive.diffFilter',
        'diff.external',
        'core.fsmonitor',
        'uploadpack.packObjectsHook',
        'receive.procReceiveRefs',
        'gc.recentObjectsHook',
        'trailer.x.command',
        'ssh.variant',
        'man.x.cmd',
        'difftool.x.cmd',
        'mergetool.x.cmd',
        'gpg.ssh.defaultKeyCommand',
      ])
        hostile.git(['config', name, script])
      hostile.git(['config', 'core.hooksPath', folder.path])
      hostile.git(['config', `url.ext::${script}.insteadOf`, folder.path])
      hostile.git(['config', `url.${script}.pushInsteadOf`, '/'])
    },
  ],
]

describe('prepared as if the trap were not there', () => {
  test.each(harmless)('%s', async (_, trap) => {
    trap(scene)
    expect(await prepare()).toMatchObject({ ok: true, baseOid: scene.hostile.git(['rev-parse', 'HEAD']) })
    expect({ ran: existsSync(marker), leaked: leaked() }).toEqual({ ran: false, leaked: false })
  })

  test("a person's own linked work tree and submodule", async () => {
    scene.hostile.git(['worktree', 'add', '--quiet', '-b', 'side', join(folder.path, 'side')])
    expect(await prepare(join(folder.path, 'side'))).toMatchObject({ ok: true, baseBranch: 'side' })
    scene.hostile.git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', scene.private.path, 'inner'])
    expect(await prepare(join(scene.hostile.path, 'inner'))).toMatchObject({ ok: true, baseOid: scene.privateOid })
  })
})
