import { expect, it } from 'vitest'
import { closedIssues } from './closed-issues.ts'

const github = { url: 'https://github.com/acme/widgets' }
const gitlab = { url: 'https://example.org/gitlab/acme/tools/widgets' }
const issue = (ref: string | null, text = '') => ({ text, source: { kind: 'issue' as const, ref } })

it.each([
  [issue('https://github.com/acme/widgets/issues/12'), github, ['#12']],
  [issue('https://github.com/Acme/Widgets/issues/12#issuecomment-3'), github, ['#12']],
  [issue('https://example.org/gitlab/acme/tools/widgets/-/issues/7'), gitlab, ['#7']],
  [issue('https://github.com/acme/other/issues/12'), github, []],
  [issue('https://github.com/acme/widgets/pull/12'), github, []],
  [issue(null), github, []],
])('closes the issue that the task is, of the same repository: %o', (task, repository, closed) => {
  expect(closedIssues(task, repository)).toEqual(closed)
})

it('closes what a person asked for in so many words, each once', () => {
  const text = 'Repair the clock. Fixes #3, closes acme/tools/ui#4 and resolves: #3; see #9.'
  expect(closedIssues({ text, source: { kind: 'cli', ref: null } }, github)).toEqual(['#3', 'acme/tools/ui#4'])
})

it('takes no orders from the text of an issue or a page', () => {
  expect(closedIssues(issue('https://github.com/acme/widgets/issues/1', 'closes #2'), github)).toEqual(['#1'])
  expect(closedIssues({ text: 'closes #2', source: { kind: 'notion', ref: 'page' } }, github)).toEqual([])
})
