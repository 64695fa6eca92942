// Cuts GitHub's own description of its API down to the calls that Slipway makes, for the contract tests:
//   npm pack @octokit/openapi@<version> && tar xzf octokit-openapi-*.tgz
//   node scripts/cut-description.ts package
// The whole is 29 MB to fetch and 400 MB on disk, too much for a dependency; what is left is plain JSON Schema.

import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type Fields = { [name: string]: Json }

const target = path.join(import.meta.dirname, '..', 'packages/connectors/src/testing/fixtures/github-description.json')

const wanted = [
  'GET /user',
  'GET /user/repos',
  'POST /user/repos',
  'POST /orgs/{org}/repos',
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/git/ref/{ref}',
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
  'GET /repos/{owner}/{repo}/pulls',
  'POST /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments',
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  'GET /repos/{owner}/{repo}/issues/{issue_number}',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/reactions',
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'GET /repos/{owner}/{repo}/commits/{ref}/status',
  'GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
]

/** Words about a schema, which say nothing about values. */
const words = new Set(['description', 'summary', 'title', 'example', 'examples', 'externalDocs', 'default', 'deprecated', 'format'])

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fieldsOf(value: Json | undefined): Fields {
  return isFields(value) ? value : {}
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own. */
function plainSchema(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(plainSchema)
  if (!isFields(value)) return value ?? null
  const kept = Object.entries(value).filter(([name]) => !words.has(name) && !name.startsWith('x-') && name !== 'nullable')
  const schema = Object.fromEntries(
    kept.map(([name, inner]): [string, Json] => [name, name === 'properties' ? plainProperties(inner) : plainSchema(inner)]),
  )
  return value['nullable'] === true ? { anyOf: [schema, { type: 'null' }] } : schema
}

/** The names of properties may be words, too. */
function plainProperties(value: Json): Json {
  return Object.fromEntries(Object.entries(fieldsOf(value)).map(([name, inner]) => [name, plainSchema(inner)]))
}

function resolve(whole: Fields, value: Json | undefined): Fields {
  const reference = fieldsOf(value)['$ref']
  if (typeof reference !== 'string') return fieldsOf(value)
  const parts = reference.slice('#/'.length).split('/')
  return parts.reduce<Fields>((found, part) => fieldsOf(found[part]), whole)
}

function schemaOf(content: Json | undefined): Json {
  return plainSchema(fieldsOf(fieldsOf(content)['application/json'])['schema'])
}

function cutOperation(whole: Fields, operation: Fields): Fields {
  const parameters = listOf(operation['parameters'])
    .map((one) => resolve(whole, one))
    .filter((one) => one['in'] === 'query')
    .map((one) => ({ name: one['name'] ?? '', required: one['required'] ?? false, schema: plainSchema(one['schema']) }))
  const body = isFields(operation['requestBody']) ? schemaOf(resolve(whole, operation['requestBody'])['content']) : null
  const responses = Object.entries(fieldsOf(operation['responses']))
    .filter(([status]) => Number(status) < 400)
    .map(([status, answer]): [string, Json] => [status, schemaOf(resolve(whole, answer)['content'])])
  return { parameters, body, responses: Object.fromEntries(responses) }
}

function namesIn(value: Json): string[] {
  return [...JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name)
}

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('Name the folder of an unpacked @octokit/openapi.')
const whole: Fields = fieldsOf(JSON.parse(await readFile(path.join(folder, 'generated/api.github.com.json'), 'utf8')))
const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as { version: string }
const all = fieldsOf(fieldsOf(whole['components'])['schemas'])

const operations: Fields = {}
for (const name of wanted) {
  const [method = '', route = ''] = name.split(' ')
  const operation = fieldsOf(fieldsOf(whole['paths'])[route])[method.toLowerCase()]
  if (!isFields(operation)) throw new Error(`The description has no ${name}.`)
  operations[name] = cutOperation(whole, operation)
}
const schemas: Fields = {}
for (let open = namesIn(operations); open.length > 0; ) {
  const name = open.pop() ?? ''
  if (name in schemas) continue
  const schema = plainSchema(all[name])
  schemas[name] = schema
  open = [...open, ...namesIn(schema)]
}
const source = `@octokit/openapi ${version} (MIT), cut by scripts/cut-description.ts`
await writeFile(target, `${JSON.stringify({ source, operations, components: { schemas } })}\n`)
