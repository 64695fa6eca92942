import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { chooseUid, unprivilegedPrefix } from './unprivileged.ts'

test('the server runs as a user that is not root and has a name', async () => {
  const [command, ...words] = [...(await unprivilegedPrefix()), 'id', '-u']
  const uid = execFileSync(command, words, { encoding: 'utf8' }).trim()
  expect(uid).not.toBe('0')
  expect(execFileSync('getent', ['passwd', uid], { encoding: 'utf8' })).toContain(`:${uid}:`)
})

test('the uid is the first ordinary one in the list of users', () => {
  expect(chooseUid('root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:\ndaemon:x:1:1::/:\nann:x:1000:1000::/:\n')).toBe('1')
  expect(chooseUid('root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:\n')).toBe('65534')
  expect(chooseUid('')).toBe('65534')
})
