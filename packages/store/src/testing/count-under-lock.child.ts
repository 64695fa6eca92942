// Adds one to the number in a file, many times, each time under the lock.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withFileLock } from '../embedded/file-lock.ts'

const [folder = '', times = '0'] = process.argv.slice(2)
const counter = join(folder, 'counter')
for (let turn = 0; turn < Number(times); turn += 1) {
  await withFileLock(join(folder, 'lock'), 60_000, async () => {
    await writeFile(counter, String(Number(await readFile(counter, 'utf8')) + 1))
  })
}
console.log('"done"')
