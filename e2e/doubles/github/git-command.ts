// git on the double's own bare repositories, cut off from the machine's and the user's configuration.

import { execFile } from 'node:child_process'
import { devNull } from 'node:os'

export const isolatedGitEnvironment = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: devNull,
  GIT_TERMINAL_PROMPT: '0',
}

/** Runs git and resolves to its trimmed output; null when git exits with an error. */
export function gitOutput(directory: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile('git', args, { cwd: directory, env: isolatedGitEnvironment, maxBuffer: 32 * 1024 * 1024 }, (error, stdout) =>
      resolve(error ? null : stdout.trimEnd()),
    )
  })
}

/** Runs git and throws when it exits with an error. */
export async function git(directory: string, args: string[]): Promise<string> {
  const output = await gitOutput(directory, args)
  if (output === null) throw new Error(`git ${args[0]} failed in ${directory}`)
  return output
}
