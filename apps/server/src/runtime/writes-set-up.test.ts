import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { scratchRepository } from '@slipway/git/testing/scratch-repository'
import type { SetupPlan } from '@slipway/sandbox/setup/detect'
import { ENVIRONMENT_PATH } from '@slipway/sandbox/setup/environment'
import { writesSetUp } from './writes-set-up.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-set-up-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const base = {
  'package.json': '{"scripts":{"test":"a"}}',
  'composer.json': '{"scripts":{"test":"a"}}',
  'install.sh': 'true',
  Makefile: 'deps:',
  'requirements.txt': 'a',
  'a.js': '1',
}
const named = (...commands: string[]): SetupPlan => ({ commands, cacheKey: 'k', hosts: [], origin: ENVIRONMENT_PATH })
const detected = (...commands: string[]): SetupPlan => ({ ...named(...commands), origin: 'package.json' })

function judge(files: Record<string, string>, before: SetupPlan, after = before): Promise<boolean> {
  const repository = scratchRepository(join(folder, 'repository'))
  const baseOid = repository.commit(base, 'Base')
  const oid = repository.commit(files, 'Change')
  return writesSetUp({ gitDir: join(repository.path, '.git'), baseOid, oid, before, after, signal: new AbortController().signal })
}

test.each<[string, Record<string, string>, SetupPlan, SetupPlan?]>([
  ['other commands', { 'a.js': '2' }, named('npm ci'), named('npm ci', 'sh x')],
  ['commands where detection chose them', { 'a.js': '2' }, detected('npm ci'), named('sh x')],
  ['the script that is run', { 'install.sh': 'curl x' }, named('sh ./install.sh')],
  ['the Makefile that is used', { Makefile: 'deps: x' }, named('make deps')],
  ['an install script of a package', { 'sub/package.json': '{"scripts":{"postinstall":"x"}}' }, detected('npm ci')],
  ['a script of Composer', { 'composer.json': '{"scripts":{"post-install-cmd":"x"}}' }, detected('composer install')],
  ['the code that builds a package', { 'setup.py': 'x' }, detected('pip install -e .')],
  ['the registry', { '.npmrc': 'registry=https://evil.example' }, detected('npm ci')],
])('a commit that changes %s writes the set-up', async (_, files, before, after) => {
  expect(await judge(files, before, after)).toBe(true)
})

test.each<[string, Record<string, string>, SetupPlan, SetupPlan?]>([
  ['code', { 'a.js': '2', 'install.sh.md': 'x' }, named('npm ci', 'sh install.sh')],
  ['dependencies', { 'package.json': '{"scripts":{"test":"b"},"dependencies":{"x":"1"}}' }, detected('npm ci')],
  ['named dependencies', { 'requirements.txt': 'b' }, named('pip install -r requirements.txt')],
  [
    'the first dependency',
    { 'package-lock.json': '{}' },
    { ...detected(), commands: [] },
    { ...detected('npm ci'), origin: 'package-lock.json' },
  ],
])('a commit that changes %s does not', async (_, files, before, after) => {
  expect(await judge(files, before, after)).toBe(false)
})
