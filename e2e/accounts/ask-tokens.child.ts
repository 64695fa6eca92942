// Another process of the installation: at the word `go` it asks for a token many times at once.

import { createInterface } from 'node:readline'
import { openDatabase } from '@slipway/store/database'
import { openBroker } from './open-broker.ts'

const [given = '{}'] = process.argv.slice(2)
const { location, environment, ownerId, provider, times } = JSON.parse(given)
const opened = await openDatabase(location)
if (!opened.ok) throw new Error(opened.message)
const { accounts } = openBroker(opened.database, environment)
console.log(JSON.stringify('ready'))
for await (const word of createInterface({ input: process.stdin })) {
  if (word !== 'go') break
  const account = await accounts.find({ ownerId, provider })
  if (account === null) throw new Error('there is no account')
  const answers = await Promise.all(Array.from({ length: times }, () => account.token()))
  console.log(JSON.stringify(answers.map((answer) => (answer.ok ? answer.token.reveal() : answer.message))))
}
await opened.database.close()
process.exit(0)
