// The program `slipway`.

import { exitCodes } from './exit-codes.ts'
import { runCommandLine } from './run-command-line.ts'

// Somebody closed the pipe, such as `| head`: there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? exitCodes.asAsked : exitCodes.failed))

process.exitCode = await runCommandLine(process.argv.slice(2))
