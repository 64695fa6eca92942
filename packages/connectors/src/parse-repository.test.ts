import { describe, expect, it } from 'vitest'
import { parseRepository } from './parse-repository.ts'

const widgets = { ok: true, repository: { url: 'https://github.com/acme/widgets', forge: 'github', slug: 'acme/widgets', base: null } }

describe('parseRepository', () => {
  it.each([
    'acme/widgets',
    ' acme/widgets ',
    'https://github.com/acme/widgets',
    'https://github.com/acme/widgets/',
    'https://github.com/acme/widgets.git',
    'https://GitHub.com/acme/widgets.git',
    'git@github.com:acme/widgets.git',
    'ssh://git@github.com/acme/widgets.git',
    'github.com/acme/widgets',
  ])('reads %s as the repository acme/widgets on GitHub', (text) => {
    expect(parseRepository(text)).toEqual(widgets)
  })

  it('reads addresses of a GitHub Enterprise server that is set up', () => {
    const expected = {
      ok: true,
      repository: { url: 'https://git.example.org/acme/widgets', forge: 'github', slug: 'acme/widgets', base: 'dev' },
    }
    for (const text of ['https://git.example.org/acme/widgets.git', 'git@git.example.org:acme/widgets.git', 'acme/widgets']) {
      expect(parseRepository(text, { githubUrl: 'https://git.example.org', base: 'dev' })).toEqual(expected)
    }
  })

  it.each([
    'https://gitlab.com/acme/tools/ui/widgets',
    'https://gitlab.com/acme/tools/ui/widgets.git/',
    'git@gitlab.com:acme/tools/ui/widgets.git',
    'ssh://git@gitlab.com/acme/tools/ui/widgets.git',
    'gitlab.com/acme/tools/ui/widgets',
  ])('reads %s as a project in nested groups on GitLab', (text) => {
    const url = 'https://gitlab.com/acme/tools/ui/widgets'
    expect(parseRepository(text)).toEqual({ ok: true, repository: { url, forge: 'gitlab', slug: 'acme/tools/ui/widgets', base: null } })
  })

  it.each(['https://example.org/gitlab/acme/widgets.git', 'git@example.org:acme/widgets.git', 'ssh://git@example.org/gitlab/acme/widgets'])(
    'reads %s as a project of a GitLab that lies below a path',
    (text) => {
      const url = 'https://example.org/gitlab/acme/widgets'
      expect(parseRepository(text, { gitlabUrl: 'https://example.org/gitlab' })).toEqual({
        ok: true,
        repository: { url, forge: 'gitlab', slug: 'acme/widgets', base: null },
      })
    },
  )

  it('does not take an address beside the path for one of GitLab', () => {
    expect(parseRepository('https://example.org/acme/widgets', { gitlabUrl: 'https://example.org/gitlab' }).ok).toBe(false)
  })

  it.each(['/srv/git/widgets.git', 'file:///srv/git/widgets.git'])('reads %s as a path on this disk', (text) => {
    expect(parseRepository(text)).toEqual({ ok: true, repository: { url: '/srv/git/widgets.git', forge: 'local', slug: null, base: null } })
  })

  it('reads ./acme/widgets, and acme/widgets when there is such a folder, as paths', () => {
    const local = { ok: true, repository: { url: `${process.cwd()}/acme/widgets`, forge: 'local', slug: null, base: null } }
    expect(parseRepository('./acme/widgets')).toEqual(local)
    expect(parseRepository('acme/widgets', { isFolder: () => true })).toEqual(local)
  })

  it.each([
    'https://x-access-token:ghp_abcdef@github.com/acme/widgets',
    'https://ghp_abcdef@github.com/acme/widgets.git',
    'ssh://someone:pw@github.com/acme/widgets',
  ])('refuses an address with a credential and does not repeat it', (text) => {
    const parsed = parseRepository(text)
    expect(parsed).toMatchObject({ ok: false, message: expect.stringContaining('holds a credential') })
    expect(JSON.stringify(parsed)).not.toMatch(/ghp_|pw/)
  })

  it.each([
    'https://gitlab.com/acme',
    'https://gitlab.com/acme/widgets/-/tree/main',
    'https://gitlab.com/acme/../widgets',
    'https://oauth2:glpat-x@gitlab.com/acme/widgets',
    'https://github.com.evil.test/acme/widgets',
    'https://github.com/acme',
    'https://github.com/acme/widgets/tree/main',
    'https://github.com/acme/..',
    'https://github.com/acme/.git',
    'git@bitbucket.org:acme/widgets.git',
    'ext::sh -c id',
    '--upload-pack=id',
    '',
  ])('refuses %j with a reason', (text) => {
    expect(parseRepository(text)).toEqual({ ok: false, message: expect.stringMatching(/\w+ .*\./) })
  })
})
