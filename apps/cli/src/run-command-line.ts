// One command line from its words to its exit code.

import { CommanderError } from 'commander'
import { commandTable } from './command-table.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { saidBack } from './said-back.ts'

/** Runs the command; whatever goes wrong is told on standard error. Never throws. */
export async function runCommandLine(words: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exitCodes.asAsked
  const program = commandTable((ended) => {
    code = ended
  })
  try {
    if (words.length === 0) program.outputHelp()
    else await program.parseAsync(words, { from: 'user' })
    return code
  } catch (error) {
    return report(error)
  }
}

/** What people can put right is one sentence; what is broken also says where. */
function report(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.asAsked : exitCodes.usage
  const { name, code, message, stack } = error as Error & { code?: unknown }
  if (name !== 'SlipwayError') {
    process.stderr.write(`slipway: something is broken: ${message}\n${stack ?? ''}\nslipway doctor may name the cause.\n`)
    return exitCodes.failed
  }
  process.stderr.write(`slipway: ${saidBack(message)}\n`)
  return code === 'not-ready' || code === 'internal' ? exitCodes.failed : exitCodes.usage
}
