// Runs commands for the host: output and input flow only as fast as the other side acknowledges them.

import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type { FromRunner } from '../protocol/messages.ts'
import { PIECE_COST, STREAM_WINDOW } from '../protocol/messages.ts'
import { locate, reopen } from './beneath.ts'
import { endTree, MARK, startTicks } from './process-tree.ts'

/** After a command ended, a child of it may still hold its output open; so long do we wait for more. */
const QUIET_MS = 40

export type Send = (message: FromRunner, bytes?: Uint8Array) => void

interface Command {
  child: ChildProcess | null
  mark: string
  pid: number
  ticks: number
  unacknowledged: number
  acknowledged: () => void
}

export interface Commands {
  exec(input: { id: number; argv: string[]; cwd: string; env: Record<string, string>; input: boolean }): void
  write(id: number, bytes: Uint8Array): void
  endInput(id: number): void
  acknowledge(id: number, worth: number): void
  kill(id: number): void
}

/** The commands of one sandbox, rooted at the work tree. `isAmongOthers`: processes of others are in sight of the runner. */
export function commands(root: string, send: Send, { isAmongOthers }: { isAmongOthers: boolean }): Commands {
  const running = new Map<number, Command>()

  function exec(input: { id: number; argv: string[]; cwd: string; env: Record<string, string>; input: boolean }): void {
    const refuse = (code: number, text: string): void => {
      running.delete(input.id)
      send({ t: 'out', id: input.id, s: 2 }, Buffer.from(`slipway: ${text}\n`))
      send({ t: 'exit', id: input.id, code, signal: null })
    }
    const found = locate(root, input.cwd, { makeParents: false })
    if (!found.ok) return refuse(126, `cannot change to ${input.cwd}: ${found.message}`)
    const command: Command = {
      child: null,
      mark: `${process.pid}.${input.id}`,
      pid: 0,
      ticks: 0,
      unacknowledged: 0,
      acknowledged: () => undefined,
    }
    running.set(input.id, command)
    try {
      if (found.fd === null || !found.stat?.isDirectory()) return refuse(126, `cannot change to ${input.cwd}: no such directory`)
      const child = spawn(input.argv[0] as string, input.argv.slice(1), {
        cwd: reopen(found.fd),
        env: { ...input.env, [MARK]: command.mark },
        stdio: [input.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
        detached: true,
      })
      command.child = child
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (child.pid === undefined)
          refuse(
            error.code === 'ENOENT' ? 127 : 126,
            `cannot run ${input.argv[0]}: ${error.code === 'ENOENT' ? 'command not found' : error.message}`,
          )
      })
      if (child.pid === undefined) return
      follow(input.id, command, child, child.pid)
    } catch (error) {
      refuse(126, `cannot run ${input.argv[0]}: ${(error as Error).message}`)
    } finally {
      found.close()
    }
  }

  function follow(id: number, command: Command, child: ChildProcess, pid: number): void {
    command.pid = pid
    command.ticks = startTicks(pid)
    // When memory runs out, the kernel should take the command and not the runner.
    try {
      writeFileSync(`/proc/${pid}/oom_score_adj`, '900')
    } catch {
      /* a kernel that does not allow it */
    }
    child.stdin?.on('error', () => undefined)
    const streams = [child.stdout, child.stderr].filter((stream): stream is Readable => stream !== null)
    let open = streams.length
    let exit: { code: number | null; signal: string | null } | null = null
    let isReported = false
    let quiet: NodeJS.Timeout | undefined

    const report = (): void => {
      if (isReported || exit === null) return
      isReported = true
      clearTimeout(quiet)
      send({ t: 'exit', id, ...exit })
    }
    const settle = (): void => {
      if (exit === null || isReported) return
      clearTimeout(quiet)
      if (open === 0) return report()
      if (command.unacknowledged < STREAM_WINDOW) quiet = setTimeout(report, QUIET_MS)
    }
    streams.forEach((stream, index) => {
      stream.on('data', (chunk: Buffer) => {
        if (isReported) return
        command.unacknowledged += chunk.length + PIECE_COST
        send({ t: 'out', id, s: index === 0 ? 1 : 2 }, chunk)
        if (command.unacknowledged >= STREAM_WINDOW) for (const each of streams) each.pause()
        settle()
      })
      stream.once('close', () => {
        open -= 1
        settle()
      })
      stream.on('error', () => undefined)
    })
    command.acknowledged = () => {
      if (command.unacknowledged < STREAM_WINDOW / 2) for (const each of streams) each.resume()
      settle()
    }
    child.once('exit', (code, signal) => {
      exit = { code, signal }
      settle()
    })
  }

  return {
    exec,
    write(id, bytes) {
      const input = running.get(id)?.child?.stdin
      if (!input || input.destroyed) return send({ t: 'in-ack', id, n: bytes.length })
      input.write(bytes, () => send({ t: 'in-ack', id, n: bytes.length }))
    },
    endInput(id) {
      running.get(id)?.child?.stdin?.end()
    },
    acknowledge(id, worth) {
      const command = running.get(id)
      if (!command) return
      command.unacknowledged -= worth
      command.acknowledged()
    },
    kill(id) {
      const command = running.get(id)
      if (command && command.pid > 0) void endTree({ mark: command.mark, pid: command.pid, startTicks: command.ticks, isAmongOthers })
    },
  }
}
