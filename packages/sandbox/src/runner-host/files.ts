// The file methods of the Sandbox port, over a channel. Answers come from inside, so their shape is checked here.

import { createHash } from 'node:crypto'
import type { FileEntry, FileProblem, Sandbox } from '@slipway/core/ports'
import { MAX_BYTES } from '../protocol/frame.ts'
import type { Channel } from './channel.ts'

const PROBLEMS = new Set<FileProblem>(['missing', 'directory', 'special', 'outside', 'too-large', 'changed', 'denied'])
const KINDS = new Set<FileEntry['kind']>(['file', 'directory', 'symlink', 'special'])
const MAX_ENTRIES = 20_000
const MAX_MATCHES = 5_000

/** Reading, writing, listing and searching through the runner. */
export function channelFiles(channel: Channel): Pick<Sandbox, 'readFile' | 'writeFile' | 'list' | 'search'> {
  return {
    async readFile(path, options) {
      const maxBytes = Math.min(options.maxBytes, MAX_BYTES)
      const { result, bytes } = await channel.call('read', { path, offset: options.offset ?? 0, maxBytes })
      if (result['ok'] !== true) return problem(result)
      if (bytes.length > maxBytes) throw new Error('the sandbox sent more than was asked for')
      return { ok: true, bytes, totalBytes: Number(result['totalBytes']), sha: String(result['sha']).slice(0, 64) }
    },
    async writeFile(path, bytes, options) {
      if (bytes.length > MAX_BYTES)
        return { ok: false, problem: 'too-large', message: `${path}: at most ${MAX_BYTES} bytes can be written at once` }
      const { result } = await channel.call('write', { path, ...options }, { bytes })
      if (result['ok'] !== true) return problem(result)
      return { ok: true, sha: createHash('sha256').update(bytes).digest('hex'), created: result['created'] === true }
    },
    async list(path, options) {
      const limit = Math.min(options.limit, MAX_ENTRIES)
      const { result, bytes } = await channel.call('list', { path, depth: options.depth, limit, all: options.all })
      if (result['ok'] !== true) return problem(result)
      const entries = parseArray(bytes, limit).map((entry) => ({
        path: String(entry['path']),
        kind: KINDS.has(entry['kind'] as FileEntry['kind']) ? (entry['kind'] as FileEntry['kind']) : 'special',
        bytes: Number(entry['bytes']) || 0,
      }))
      return { ok: true, entries, truncated: result['truncated'] === true }
    },
    async search(input) {
      const { signal, ...args } = input
      const limit = Math.min(args.limit, MAX_MATCHES)
      const { result, bytes } = await channel.call('search', { ...args, limit }, signal ? { signal } : {})
      if (result['ok'] !== true) return { ok: false, message: message(result) }
      const matches = parseArray(bytes, limit).map((match) => ({
        path: String(match['path']),
        line: Number(match['line']) || 0,
        text: String(match['text']),
      }))
      return { ok: true, matches, truncated: result['truncated'] === true }
    },
  }
}

function problem(result: Record<string, unknown>): { ok: false; problem: FileProblem; message: string } {
  const given = result['problem'] as FileProblem
  return { ok: false, problem: PROBLEMS.has(given) ? given : 'denied', message: message(result) }
}

function message(result: Record<string, unknown>): string {
  return String(result['message'] ?? 'the sandbox gave no reason').slice(0, 2_000)
}

function parseArray(bytes: Uint8Array, limit: number): Record<string, unknown>[] {
  const parsed: unknown = JSON.parse(Buffer.from(bytes).toString('utf8') || '[]')
  if (!Array.isArray(parsed) || parsed.length > limit) throw new Error('the sandbox sent a malformed list')
  return parsed.filter((entry): entry is Record<string, unknown> => typeof entry === 'object' && entry !== null)
}
