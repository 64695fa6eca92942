import { describe, expect, test } from 'vitest'
import { checkGit, checkNode, checkUser } from './check-programs.ts'
import { openHost } from './host.ts'
import { files, hostWith, pathWith } from './testing/fake-host.ts'

const debian = files({ '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n' })

describe('Node', () => {
  test('24 is enough', () => {
    expect(checkNode(hostWith({ nodeVersion: '24.0.0' })).state).toBe('ok')
  })

  test('20 is too old', () => {
    expect(checkNode(hostWith({ nodeVersion: '20.20.2' }))).toMatchObject({
      state: 'fail',
      summary: 'Node 20.20.2 is too old',
      fix: './slipway doctor',
    })
  })
})

describe('git', () => {
  test('this machine’s is new enough', async () => {
    expect(await checkGit(hostWith({}))).toMatchObject({ name: 'git', state: 'ok' })
  })

  test('none on the PATH', async () => {
    expect(await checkGit({ ...openHost(await pathWith({})), ...debian, userId: 1000 })).toEqual({
      name: 'git',
      state: 'fail',
      summary: 'git does not run',
      cause: 'No program called git is on the PATH. Slipway clones, packs and pushes with it.',
      fix: 'sudo apt-get install git',
    })
  })

  test('a broken one is quoted', async () => {
    const path = await pathWith({ git: 'echo "libz.so.1: cannot open" >&2; exit 127' })
    expect(await checkGit({ ...openHost(path), ...debian })).toMatchObject({
      state: 'fail',
      cause: expect.stringContaining('libz.so.1: cannot open'),
    })
  })

  test.each([
    ['2.25.1', 'fail'],
    ['2.31.9', 'fail'],
    ['2.34.1', 'warn'],
    ['2.39.5', 'ok'],
    ['3.0.0', 'ok'],
  ])('version %s is %s', async (version, state) => {
    const path = await pathWith({ git: `echo git version ${version}` })
    expect((await checkGit({ ...openHost(path), ...debian })).state).toBe(state)
  })

  test.each([
    ['ID=fedora\n', 'dnf install git'],
    ['ID=manjaro\nID_LIKE=arch\n', 'pacman -S git'],
    ['ID=ubuntu\nID_LIKE=debian\n', 'apt-get install git'],
    ['', 'apt-get install git'],
  ])('on %j one types %s', async (release, command) => {
    expect((await checkGit({ ...openHost(await pathWith({})), ...files({ '/etc/os-release': release }), userId: 0 })).fix).toBe(command)
  })
})

test('running as root is doubtful, and says what it means', () => {
  expect(checkUser(hostWith({ userId: 0 }))).toMatchObject({ state: 'warn', cause: expect.stringContaining('whole machine') })
  expect(checkUser(hostWith({ userId: 1000 })).state).toBe('ok')
})
