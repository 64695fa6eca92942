// A secret from the person at the terminal, whose typing is not shown, or from whatever is piped in.

import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { SlipwayError } from '@slipway/server/errors/slipway-error'

const LARGEST = 10_000

/** The first line. Throws SlipwayError when nobody can be asked and nothing comes. */
export async function readHidden(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return readPiped()
  process.stderr.write(prompt)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  const stopped = new AbortController()
  reader.on('SIGINT', () => stopped.abort())
  reader.on('close', () => stopped.abort())
  try {
    return await reader.question('', { signal: stopped.signal })
  } catch {
    throw new SlipwayError('usage', 'Stopped. Nothing was connected.')
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}

async function readPiped(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > LARGEST || text.includes('\n')) break
  }
  const [line = ''] = text.split('\n')
  if (line.trim() === '') throw new SlipwayError('usage', 'No token came. Pipe it in: slipway connections add gitlab --token < file')
  return line
}
