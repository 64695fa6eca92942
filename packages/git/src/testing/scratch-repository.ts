// Real repositories in temporary folders, for tests.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  LC_ALL: 'C',
}

export interface Scratch {
  path: string
  /** Runs git as its user would, in `path` or the folder given. */
  git(args: string[], options?: { cwd?: string; input?: string | Uint8Array; env?: Record<string, string> }): string
  write(file: string, content: string | Uint8Array): void
  /** Writes the files and commits them; returns the object id. */
  commit(files: Record<string, string | Uint8Array>, message?: string): string
}

/** A temporary folder that `remove` deletes. */
export function scratchFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'slipway-git-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A repository with a work tree on branch `main` and no commit yet. */
export function scratchRepository(path: string): Scratch {
  mkdirSync(path, { recursive: true })
  const scratch: Scratch = {
    path,
    git(args, options = {}) {
      return execFileSync('git', args, {
        cwd: options.cwd ?? path,
        env: { ...environment, ...options.env },
        input: options.input ?? '',
        stdio: ['pipe', 'pipe', 'pipe'],
      })
        .toString('utf8')
        .trim()
    },
    write(file, content) {
      mkdirSync(dirname(join(path, file)), { recursive: true })
      writeFileSync(join(path, file), content)
    },
    commit(files, message = 'Change') {
      for (const [file, content] of Object.entries(files)) scratch.write(file, content)
      scratch.git(['add', '-A'])
      scratch.git(['commit', '--quiet', '--allow-empty', '-m', message])
      return scratch.git(['rev-parse', 'HEAD'])
    },
  }
  scratch.git(['init', '--quiet', '--initial-branch=main'])
  return scratch
}
