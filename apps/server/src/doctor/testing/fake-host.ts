// The real machine with some of its answers replaced, and real servers to answer for the outside.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Host } from '../host.ts'
import { openHost } from '../host.ts'

export function hostWith(overrides: Partial<Host>, path = '/usr/local/bin:/usr/bin:/bin'): Host {
  return { ...openHost(path), ...overrides }
}

/** Files with these contents in place of the machine's own; all others are missing. */
export function files(contents: Record<string, string>): Pick<Host, 'readText'> {
  return { readText: async (path) => contents[path] ?? null }
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-doctor-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A PATH with nothing but these shell scripts on it. */
export async function pathWith(programs: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, body] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`)
    await chmod(join(folder, name), 0o755)
  }
  await chmod(folder, 0o755)
  return folder
}

/** Address of a server on loopback that ends with the test. */
export async function serve(listener: RequestListener): Promise<{ url: string; port: number }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => closed(server))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port }
}

export async function serveOnSocket(listener: RequestListener): Promise<string> {
  const socket = join(await temporaryFolder(), 'daemon.sock')
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  onTestFinished(() => closed(server))
  return socket
}

/** A port of loopback that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await closed(server)
  return port
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
