import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sandboxSettings } from '../settings.ts'
import { openState } from './state.ts'

let place: string
let before: number
beforeEach(() => {
  if (process.getuid?.() !== 0) throw new Error('Only root runs sandboxes as another user, so this test has to run as root.')
  place = mkdtempSync(join(tmpdir(), 'slipway-state-'))
  before = process.umask()
})
afterEach(() => {
  process.umask(before)
  rmSync(place, { recursive: true, force: true })
})

test.each([0o077, 0o000])('the sandbox user can pass to what is made for it, and nobody look or write there (umask %o)', (umask) => {
  process.umask(umask)
  openState({ home: '/root/home', settings: sandboxSettings({ SLIPWAY_SANDBOX_STATE: join(place, 'slipway/one') }) })
  const modes = ['', 'slipway', 'slipway/one', 'slipway/one/tools'].map((path) => (statSync(join(place, path)).mode & 0o777).toString(8))
  expect(modes).toEqual(['700', '711', '711', '711'])
})
