// Which ports somebody listens on, as the kernel tells: /proc/net/tcp and tcp6 of the sandbox's own network.

import { readFileSync } from 'node:fs'

const LISTENING = '0A'
const MOST = 200

/** Ascending, each once; without `except`, which is our own. */
export function listeningPorts(except: number): number[] {
  const ports = new Set<number>()
  for (const table of ['tcp', 'tcp6']) for (const port of portsIn(read(table))) if (port !== except) ports.add(port)
  return [...ports].sort((a, b) => a - b).slice(0, MOST)
}

function portsIn(table: string): number[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTENING)
    .map((fields) => Number.parseInt(fields[1]?.split(':').at(-1) ?? '', 16))
    .filter((port) => port > 0)
}

function read(table: string): string {
  try {
    return readFileSync(`/proc/self/net/${table}`, 'utf8')
  } catch {
    // A kernel without IPv6.
    return ''
  }
}
