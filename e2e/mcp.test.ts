// A repository's own MCP server: started inside its sandbox, offered to the model after our tools, called over stdio.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionEvent } from '@slipway/core/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCliHome, type CliHome } from '../apps/cli/src/testing/cli-process.ts'
import { git } from './doubles/github/git-command.ts'

let cli: CliHome
beforeAll(async () => {
  cli = await openCliHome()
})
afterAll(() => cli.close())

const server = `
import { createInterface } from 'node:readline'
const answer = (id, result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }))
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (method === 'initialize') answer(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'greeter', version: '1' } })
  if (method === 'tools/list') answer(id, { tools: [{ name: 'greet', description: 'Greets.', inputSchema: { type: 'object', properties: { name: { type: 'string' } } } }] })
  if (method === 'tools/call') answer(id, { content: [{ type: 'text', text: 'Hello ' + params.arguments.name + ', from uid ' + process.getuid() + ', key ' + (process.env.GREETING_KEY ?? 'none') }] })
})
`

test('is listed, called and contained', async () => {
  const repository = join(cli.home, '..', 'with-mcp')
  await mkdir(join(repository, '.slipway'), { recursive: true })
  await writeFile(join(repository, 'greeter.mjs'), server)
  await writeFile(
    join(repository, '.slipway/environment.yaml'),
    'mcp:\n  greeter:\n    command: [node, greeter.mjs]\n    env: { GREETING_KEY: from-the-file }\n  broken:\n    command: [does-not-exist]\n',
  )
  await git(repository, ['init', '--quiet', '--initial-branch=main'])
  await git(repository, ['add', '--all'])
  await git(repository, ['-c', 'user.name=x', '-c', 'user.email=x@example.org', 'commit', '--quiet', '-m', 'start'])
  const model = await cli.script('greets', [
    { tool_calls: [{ name: 'mcp__greeter__greet', input: { name: 'Ada' } }] },
    { tool_calls: [{ name: 'finish', input: { summary: 'Greeted.' } }] },
  ])
  const run = await cli.run([
    'run',
    '--repo',
    repository,
    '--task',
    'greet',
    '--model',
    model,
    '--auto',
    '--sandbox',
    'bubblewrap',
    '--json',
  ])
  const bodies = run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as SessionEvent).body)
  const frozen = bodies.find((body) => body.type === 'instructions-frozen')
  expect(frozen?.mcpTools.map((tool) => tool.name)).toEqual(['mcp__greeter__greet'])
  expect(frozen?.sections.find((section) => section.trust === 'untrusted')?.text).toContain('The MCP server "broken" did not start')
  const finished = bodies.filter((body) => body.type === 'tool-finished')
  expect(finished[0]).toMatchObject({ ok: true, output: 'Hello Ada, from uid 1000, key from-the-file' })
})
