// Without a terminal, Docker sends output in pieces: one byte stream number (1 stdout, 2 stderr), three zeroes, u32 length, data.

import { type Duplex, PassThrough, type Readable } from 'node:stream'

const HEADER = 8
const MAX_ERRORS = 8_192

/** Splits the raw stream. `stdout` holds the source back when it is not read; of stderr the end is kept. */
export function demultiplex(source: Duplex): { stdout: Readable; errors(): string } {
  const stdout = new PassThrough({ highWaterMark: 256 * 1024 })
  let errors = ''
  let pending: Buffer = Buffer.alloc(0)
  let left = 0
  let stream = 0
  source.on('data', (chunk: Buffer) => {
    let data = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk
    pending = Buffer.alloc(0)
    while (data.length > 0) {
      if (left === 0) {
        if (data.length < HEADER) {
          pending = data
          return
        }
        stream = data[0] as number
        left = data.readUInt32BE(4)
        data = data.subarray(HEADER)
        continue
      }
      const part = data.subarray(0, left)
      left -= part.length
      data = data.subarray(part.length)
      if (stream === 2) errors = (errors + part.toString('utf8')).slice(-MAX_ERRORS)
      else if (!stdout.write(part)) {
        source.pause()
        stdout.once('drain', () => source.resume())
      }
    }
  })
  source.once('end', () => stdout.end())
  source.once('close', () => stdout.end())
  source.on('error', () => stdout.end())
  return { stdout, errors: () => errors }
}
