import { expect, test } from 'vitest'
import { checkPort } from './check-port.ts'
import { closedPort, hostWith, serve } from './testing/fake-host.ts'

test('a free port is well', async () => {
  const port = await closedPort()
  expect(await checkPort(hostWith({}), { host: '127.0.0.1', port })).toMatchObject({ state: 'ok', summary: `127.0.0.1:${port} is free` })
})

test('a taken port names the process that has it', async () => {
  const { port } = await serve((_, response) => response.end('hello'))
  const finding = await checkPort(hostWith({}), { host: '127.0.0.1', port })
  expect(finding).toMatchObject({
    state: 'fail',
    summary: `127.0.0.1:${port} is taken`,
    fix: `Take another port (\`export PORT=${port + 1}\`) or end that program: \`kill ${process.pid}\``,
  })
  expect(finding.cause).toContain(`Process ${process.pid} listens there`)
})

test('Slipway itself on the port is well', async () => {
  const { port } = await serve((_, response) => response.end(JSON.stringify({ openapi: '3.1.0', info: { title: 'Slipway' } })))
  expect(await checkPort(hostWith({}), { host: '127.0.0.1', port })).toMatchObject({
    state: 'ok',
    summary: `127.0.0.1:${port} is Slipway itself, running`,
  })
})

test('any port is free when the system chooses one', async () => {
  expect((await checkPort(hostWith({}), { host: '127.0.0.1', port: 0 })).state).toBe('ok')
})

test('an address of another machine fails', async () => {
  expect(await checkPort(hostWith({}), { host: '192.0.2.1', port: 3000 })).toMatchObject({ state: 'fail', fix: 'unset HOST' })
})

test('a port for root only fails', async () => {
  expect(await checkPort(hostWith({ tryPort: async () => 'EACCES' }), { host: '127.0.0.1', port: 80 })).toMatchObject({
    state: 'fail',
    fix: 'export PORT=3000',
  })
})
