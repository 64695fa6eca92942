// The program `slipway`.

import { exitCodes } from './exit-codes.ts'
import { isAtTerminal } from './is-at-terminal.ts'
import { runCommandLine } from './run-command-line.ts'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Somebody closed the pipe, such as `| head`: there is nobody left to tell.
  if (error.code === 'EPIPE') process.exit(exitCodes.asAsked)
  process.stderr.write(`slipway: standard output cannot be written: ${error.message}\n`)
  process.exit(exitCodes.failed)
})
// A terminal that hung up takes no last words; what is under way goes on without them.
process.stderr.on('error', () => undefined)
// `nohup` has this signal ignored, and Node sets it back to the default, which is to end (`ResetSignalHandlers` in its node.cc).
if (!isAtTerminal()) process.on('SIGHUP', () => undefined)

process.exitCode = await runCommandLine(process.argv.slice(2))
