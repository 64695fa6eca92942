// Another process for tests: it says what it has to say in JSON lines and obeys words on its standard input.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Child {
  pid: number
  /** The next line, parsed. Rejects with what it wrote to standard error when it ends instead. */
  next<T>(): Promise<T>
  say(word: string): void
  kill(signal: NodeJS.Signals): void
  exited: Promise<number | null>
}

export function startChild(script: URL, words: string[], environment: NodeJS.ProcessEnv = process.env): Child {
  const child = spawn(process.execPath, [fileURLToPath(script), ...words], { stdio: ['pipe', 'pipe', 'pipe'], env: environment })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  if (child.pid === undefined) throw new Error(`${script.href} could not be started.`)
  return {
    pid: child.pid,
    async next<T>() {
      const { value, done } = await lines.next()
      if (done) throw new Error(`The child ended. ${complaints}`)
      return JSON.parse(value) as T // the test knows what its child says
    },
    say: (word) => void child.stdin.write(`${word}\n`),
    kill: (signal) => void child.kill(signal),
    exited: new Promise((resolve) => child.on('exit', resolve)),
  }
}
