// Opens the database of a home, says what came of it, and holds it until its standard input says `close`.

import { createInterface } from 'node:readline'
import { openDatabase } from '../database.ts'

const [home = ''] = process.argv.slice(2)
const opened = await openDatabase({ home, databaseUrl: null })
console.log(JSON.stringify(opened.ok ? { ok: true } : opened))
if (opened.ok) {
  for await (const word of createInterface({ input: process.stdin })) if (word === 'close') break
  await opened.database.close()
}
process.exit(0)
