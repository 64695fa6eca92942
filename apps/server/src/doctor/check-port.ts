// Is the port free, and if not, who has it.

import { readdir, readFile, readlink } from 'node:fs/promises'
import type { Finding } from './finding.ts'
import { broken, well } from './finding.ts'
import type { Host } from './host.ts'

export interface PortOwner {
  pid: number
  command: string
}

export async function checkPort(host: Host, address: { host: string; port: number }): Promise<Finding> {
  const where = `${address.host}:${address.port}`
  const answer = address.port === 0 ? 'free' : await host.tryPort(address.host, address.port)
  if (answer === 'free') return well('Port', `${where} is free`)
  if (answer === 'EACCES')
    return broken('Port', { summary: `${where} may not be used`, cause: 'Ports below 1024 are for root.', fix: 'export PORT=3000' })
  if (answer === 'EADDRNOTAVAIL' || answer === 'ENOTFOUND')
    return broken('Port', { summary: `${where} is not an address of this machine`, cause: `HOST is ${address.host}.`, fix: 'unset HOST' })
  if (answer !== 'EADDRINUSE')
    return broken('Port', { summary: `${where} cannot be used`, cause: `Listening there fails with ${answer}.`, fix: 'export PORT=3001' })
  if (await isSlipway(host, address)) return well('Port', `${where} is Slipway itself, running`)
  const owner = await portOwner(address.port)
  const another = `export PORT=${address.port + 1}`
  return broken('Port', {
    summary: `${where} is taken`,
    cause:
      owner === null
        ? 'Another program listens there; it belongs to another user, so its name is hidden.'
        : `Process ${owner.pid} listens there: ${owner.command}`,
    fix: owner === null ? another : `Take another port (\`${another}\`) or end that program: \`kill ${owner.pid}\``,
  })
}

/** Only Slipway serves a description of an API with this title. */
async function isSlipway(host: Host, address: { host: string; port: number }): Promise<boolean> {
  const name = ['0.0.0.0', '::'].includes(address.host) ? '127.0.0.1' : address.host
  const answer = await host.get(`http://${name.includes(':') ? `[${name}]` : name}:${address.port}/api/v1/openapi.json`, {})
  return answer.ok && /"title":\s*"Slipway/.test(answer.text)
}

/** Linux only; null when the process belongs to somebody else, or is gone. */
export async function portOwner(port: number): Promise<PortOwner | null> {
  const inodes = (await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((table) => listeningInodes(table, port)))).flat()
  if (inodes.length === 0) return null
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const handles = await readdir(`/proc/${pid}/fd`).catch(() => [])
    for (const handle of handles) {
      const target = await readlink(`/proc/${pid}/fd/${handle}`).catch(() => '')
      if (inodes.includes(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? '')) return { pid: Number(pid), command: await commandOf(pid) }
    }
  }
  return null
}

async function listeningInodes(table: string, port: number): Promise<string[]> {
  const LISTENING = '0A'
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const lines = (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1)
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTENING && local?.endsWith(`:${wanted}`))
    .map((columns) => columns[9] ?? '')
}

/** The program and its first words only: a command line may hold somebody's password further on. */
async function commandOf(pid: string): Promise<string> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
  return words.slice(0, 2).join(' ').trim().slice(0, 120) || 'unknown'
}
