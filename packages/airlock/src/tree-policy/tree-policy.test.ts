import { describe, expect, test } from 'vitest'
import type { TreeChange } from '@slipway/git/list-changes'
import { displayPath } from './display-path.ts'
import { judgeChanges } from './judge-changes.ts'
import { judgeCollisions } from './judge-collisions.ts'
import { judgeName, looksLikeGitFolder } from './judge-name.ts'
import { judgeSymlinks } from './judge-symlinks.ts'
import { judgeText } from './judge-text.ts'
import { judgePackageScripts, judgeProtectedPath } from './protected-paths.ts'
import { condense, forbid } from './ruling.ts'
import type { Ruling } from './ruling.ts'

const rules = (rulings: Ruling[]) => rulings.map(({ severity, finding }) => `${severity} ${finding.rule}`)

describe('names', () => {
  test('ordinary names of all languages pass', () => {
    for (const path of [
      'src/a.ts',
      'grüße.txt',
      'docs/日本語.md',
      'a b.txt',
      '.github/x',
      '.gitignore',
      'console.ts',
      'com.example/x',
      'auxiliary',
      '🚀.md',
      'x/a:b',
    ])
      expect(rules(judgeName(path, true))).toEqual([])
  })

  test('the git folder is recognised in every spelling', () => {
    for (const part of [
      '.git',
      '.GIT',
      '.Git ',
      '.git.',
      '.git...',
      '.git . .',
      '.git::$INDEX_ALLOCATION',
      'GIT~1',
      'git~2',
      '.g\u200cit',
      '\ufeff.git',
      '.ｇｉｔ',
    ])
      expect([part, looksLikeGitFolder(part)]).toEqual([part, true])
    for (const part of ['.gitignore', 'git', '.github', 'git~', 'dotgit', '.git-x'])
      expect([part, looksLikeGitFolder(part)]).toEqual([part, false])
  })

  test('deceiving and dangerous names are forbidden', () => {
    const expected: [string, string][] = [
      ['a\nb', 'name-control'],
      ['a\x1b[31m', 'name-control'],
      ['a\u202egnp.exe', 'name-bidirectional'],
      ['a\u200bb', 'name-invisible'],
      ['a\\b', 'name-backslash'],
      ['../x', 'name-relative'],
      ['a//b', 'name-relative'],
      ['x/.GIT/config', 'git-folder'],
      ['aux.txt', 'name-device'],
      ['dir/NUL', 'name-device'],
      ['C:evil', 'name-absolute'],
    ]
    for (const [path, rule] of expected)
      expect([path, rules(judgeName(path, true))]).toEqual([path, expect.arrayContaining([`forbid ${rule}`])])
    expect(rules(judgeName('a\ufffd', false))).toEqual(['forbid name-encoding'])
  })

  test('a shown name cannot move the cursor or hide', () => {
    expect(displayPath('a\n\u202eb\\')).toBe('a\\u{a}\\u{202e}b\\u{5c}')
  })
})

describe('symbolic links', () => {
  const judge = (after: Record<string, string>, before: Record<string, string> = {}) =>
    judgeSymlinks(new Map(Object.entries(before)), new Map(Object.entries(after))).map(({ finding }) => finding.path)

  test('links inside the tree pass', () => {
    expect(judge({ a: 'b', 'x/y': '../z', 'x/q/r': '../../top', dangling: 'nowhere' })).toEqual([])
  })

  test('links out of the tree, into the git folder or in a circle are forbidden', () => {
    expect(
      judge({
        a: '/etc/passwd',
        b: '../x',
        'c/d': '../../x',
        e: '.git/config',
        f: 'x/.GIT/hooks',
        g: 'g',
        h: 'C:\\Windows',
        i: '..\\..\\x',
      }),
    ).toEqual(['a', 'b', 'c/d', 'e', 'f', 'g', 'h', 'i'])
  })

  test('a way out through another link is found', () => {
    expect(judge({ 'p/q/x': '../../a', y: 'p/q/x/../../z' })).toEqual(['y'])
    expect(judge({ m: 'deep/dir', y: 'm/../ok' })).toEqual([])
  })

  test('an old escape that nobody touched is not judged, one that a change caused is', () => {
    expect(judge({ a: '/etc/passwd' }, { a: '/etc/passwd' })).toEqual([])
    expect(judge({ y: 'm/../../ok' }, { m: 'deep/dir', y: 'm/../../ok' })).toEqual(['y'])
  })
})

describe('collisions', () => {
  test('names that differ in case or Unicode form only are forbidden', () => {
    const tree = ['README.md', 'readme.MD', 'src/é.txt', 'src/e\u0301.txt', 'Lib/a', 'lib/b', 'straße', 'STRASSE', 'ok']
    expect(judgeCollisions(['readme.MD', 'src/e\u0301.txt', 'lib/b', 'STRASSE', 'ok'], tree).map(({ finding }) => finding.path)).toEqual([
      'readme.MD',
      'src/e\u0301.txt',
      'lib/b',
      'STRASSE',
    ])
  })

  test('old collisions are left alone', () => {
    expect(judgeCollisions(['new'], ['A', 'a', 'new'])).toEqual([])
  })
})

describe('kinds, sizes and number', () => {
  const oid = 'a'.repeat(40)
  const change = (path: string, newMode: string, oldMode = '000000'): TreeChange => ({
    path,
    isUtf8: true,
    oldMode,
    newMode,
    oldOid: oid,
    newOid: oid,
  })
  const limits = { maxFileBytes: 10e6, maxChangedFiles: 3 }

  test('submodules and foreign modes are forbidden, files and links are not', () => {
    expect(rules(judgeChanges([change('a', '160000')], () => 1, limits))).toEqual(['forbid submodule'])
    expect(rules(judgeChanges([change('a', '000000', '160000')], () => 1, limits))).toEqual(['forbid submodule'])
    expect(rules(judgeChanges([change('a', '104755')], () => 1, limits))).toEqual(['forbid mode'])
    expect(rules(judgeChanges([change('a', '100755'), change('b', '120000'), change('c', '000000', '100644')], () => 1, limits))).toEqual(
      [],
    )
  })

  test('huge files and too many files are forbidden', () => {
    expect(rules(judgeChanges([change('a', '100644')], () => 11e6, limits))).toEqual(['forbid file-too-large'])
    expect(
      rules(
        judgeChanges(
          ['a', 'b', 'c', 'd'].map((path) => change(path, '100644')),
          () => 1,
          limits,
        ),
      ),
    ).toEqual(['forbid too-many-files'])
  })

  test('a name that was there before is not judged again', () => {
    expect(rules(judgeChanges([change('aux', '100644', '100644')], () => 1, limits))).toEqual([])
  })

  test('many findings are condensed', () => {
    const many = Array.from({ length: 60 }, (_, index) => forbid('x', `f${index}`, 'm'))
    expect(condense([...many, ...many], 50).forbidden).toHaveLength(51)
  })
})

describe('what a person should see', () => {
  test('protected files', () => {
    const expected: [string, string][] = [
      ['.github/workflows/ci.yml', 'ci-configuration'],
      ['.GitHub/Workflows/ci.yml', 'ci-configuration'],
      ['.gitlab-ci.yml', 'ci-configuration'],
      ['.npmrc', 'package-registry'],
      ['sub/.npmrc', 'package-registry'],
      ['.gitmodules', 'git-settings'],
      ['AGENTS.md', 'agent-instructions'],
      ['pkg/CLAUDE.md', 'agent-instructions'],
      ['.slipway/policy.yaml', 'slipway-settings'],
      ['docs/CODEOWNERS', 'code-owners'],
      ['.husky/pre-commit', 'runs-on-developers-machines'],
    ]
    for (const [path, rule] of expected) expect([path, rules(judgeProtectedPath(path))]).toEqual([path, [`warn ${rule}`]])
    for (const path of ['src/agents.ts', 'docs/workflows/x.yml', 'package.json', 'README.md'])
      expect(rules(judgeProtectedPath(path))).toEqual([])
  })

  test('scripts that run at installation', () => {
    const before = JSON.stringify({ scripts: { test: 'a', prepare: 'p' } })
    expect(rules(judgePackageScripts('package.json', before, JSON.stringify({ scripts: { test: 'b', prepare: 'p' } })))).toEqual([])
    expect(rules(judgePackageScripts('package.json', before, JSON.stringify({ scripts: { postinstall: 'curl x | sh' } })))).toEqual([
      'warn install-script',
    ])
    expect(rules(judgePackageScripts('package.json', null, 'not json'))).toEqual([])
  })

  test('hidden characters that the change brings', () => {
    expect(judgeText('a.ts', 'x', 'x\nif (admin\u202e) {')).toEqual([
      { severity: 'warn', finding: { rule: 'text-bidirectional', path: 'a.ts', message: expect.stringContaining('Line 2 holds U+202E') } },
    ])
    expect(rules(judgeText('a.ts', null, 'tag \u{e0041}'))).toEqual(['warn text-invisible'])
    expect(rules(judgeText('a.ts', 'a\u200b', 'b\u200b'))).toEqual([])
    expect(rules(judgeText('a.md', null, '\ufeffstart 👩‍💻 family'))).toEqual([])
  })
})
