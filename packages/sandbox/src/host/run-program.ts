// Runs a program of the machine's, such as mount: with nothing of this process's environment, which holds credentials.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }

/** Rejects when the program cannot be started, fails or takes longer than `timeoutMs` (default: no limit). */
export async function runProgram(command: string, args: string[], timeoutMs = 0): Promise<{ stdout: string }> {
  return run(command, args, { env: environment, cwd: '/', timeout: timeoutMs, encoding: 'utf8' })
}
