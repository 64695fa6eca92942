// Starts a server with the settings of its environment and says why it could not; ends by itself when nothing is left running.

import { readSettings } from '../settings.ts'
import { startServer } from '../start-server.ts'

const read = readSettings(process.env)
if (!read.ok) throw new Error(read.problems.join('\n'))
await startServer(read.settings).catch((error: Error) => console.error(error.message))
