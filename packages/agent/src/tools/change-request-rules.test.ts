import { expect, it } from 'vitest'
import { wantedMarks } from './change-request-rules.ts'

const repository = { url: '/srv/app', forge: 'local' as const, slug: null, base: null }
const marks = (text: string | null, paths: string[] = ['src/server/main.ts']) => {
  const asked: unknown[] = []
  const readFile = ({ oid, path }: { oid: string; path: string }) => (asked.push([oid, path]), Promise.resolve(text))
  return wantedMarks({ readFile }, { repository, baseOid: 'b', paths }).then((wanted) => ({ ...wanted, asked }))
}

const file = `
change_requests:
  labels: [slipway, robot]
  reviewers:
    - names: ['@grace', ada]
    - names: [acme/backend, grace]
      paths: ['src/server/**']
    - names: [acme/design]
      paths: ['web/**', '*.css']
other: kept for other rules
`

it('asks those whose paths changed, and those without paths always, each once', async () => {
  expect(await marks(file)).toMatchObject({ labels: ['slipway', 'robot'], reviewers: ['grace', 'ada', 'acme/backend'], problems: [] })
  expect((await marks(file, ['web/page.tsx'])).reviewers).toEqual(['grace', 'ada', 'acme/design'])
})

it('reads the file at the base commit, where no agent wrote it', async () => {
  expect((await marks(file)).asked).toEqual([['b', '.slipway/policy.yaml']])
})

it.each([
  ['change_requests:\n  labels: [a,', 'policy.yaml'],
  ['change_requests:\n  label: [a]', 'label'],
  ['change_requests:\n  labels: ["a,b"]', 'comma'],
  ['change_requests:\n  reviewers:\n    - names: ["x y"]', 'not the name'],
  ['a: &a [1,1]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]', 'aliases'],
])('uses nothing of a file with a mistake, and names it: %j', async (text, told) => {
  expect(await marks(text)).toMatchObject({ labels: [], reviewers: [], problems: [expect.stringContaining(told)] })
})

it('wants nothing without a file', async () => {
  expect(await marks(null)).toMatchObject({ labels: [], reviewers: [], problems: [] })
})
