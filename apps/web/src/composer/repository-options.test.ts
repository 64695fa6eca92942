import { expect, it } from 'vitest'
import { repositoryOptions } from './repository-options.ts'

const nowMs = Date.parse('2026-01-02T00:00:00Z')
const hosted = (name: string, forge: string, isPrivate: boolean) => ({
  name,
  url: `https://${forge.toLowerCase()}.com/${name}`,
  isPrivate,
  defaultBranch: 'main' as string | null,
  canPush: true,
  forge,
})

it('shows recent repositories first, each once, and then those of the accounts by forge', () => {
  const recent = [
    { url: '/srv/clock', usedAt: '2026-01-01T00:00:00Z' },
    { url: 'https://github.com/Acme/Widgets', usedAt: '2026-01-01T00:00:00Z' },
  ]
  const options = repositoryOptions(
    recent,
    [
      hosted('acme/widgets', 'GitHub', true),
      hosted('acme/tools/ui', 'GitLab', false),
      { ...hosted('acme/new', 'GitLab', true), defaultBranch: null },
    ],
    nowMs,
  )
  expect(options.map(({ group, name, isPrivate, note }) => [group, name, isPrivate, note])).toEqual([
    ['Recent', 'clock', null, expect.any(String)],
    ['Recent', 'Acme/Widgets', true, expect.any(String)],
    ['GitLab', 'acme/tools/ui', false, 'main'],
    ['GitLab', 'acme/new', true, 'empty'],
  ])
})
