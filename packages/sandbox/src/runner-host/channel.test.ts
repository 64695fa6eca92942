import { PassThrough } from 'node:stream'
import { SandboxLost } from '@slipway/core/ports'
import { expect, test } from 'vitest'
import { encodeFrame } from '../protocol/frame.ts'
import { type Channel, openChannel, type RunningCommand } from './channel.ts'
import { openConnection } from './connection.ts'

/** A channel whose other end is the test: code in the sandbox that took the runner's place. */
function open(callLimitMs = 60_000): {
  channel: Channel
  say(message: Record<string, unknown>, bytes?: Uint8Array): void
  raw(bytes: Buffer): void
  reasons: string[]
} {
  const output = new PassThrough()
  const reasons: string[] = []
  const channel = openChannel({
    sandboxId: 's',
    input: new PassThrough().resume(),
    output,
    onViolation: (reason) => reasons.push(reason),
    callLimitMs,
  })
  return {
    channel,
    say: (message, bytes) => void output.write(encodeFrame(message, bytes)),
    raw: (bytes) => void output.write(bytes),
    reasons,
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
const never = (): Promise<void> => new Promise(() => undefined)
const ready = { t: 'ready', facts: {} }

/** A command that got as far as its first output, and whose reader is slow. */
function slowCommand(channel: Channel): RunningCommand {
  return channel.exec({ argv: ['x'], cwd: '', env: {}, input: true }, { onOutput: never })
}

const forged: [what: string, say: (end: ReturnType<typeof open>) => void, words: string][] = [
  ['bytes that are no frame', ({ raw }) => raw(Buffer.alloc(64, 0xff)), 'malformed frame header'],
  ['a frame that claims four gigabytes', ({ raw }) => raw(Buffer.from('fffffffb00000002', 'hex')), 'malformed frame header'],
  [
    'a message that is no object',
    ({ raw }) => raw(Buffer.concat([Buffer.from('0000000600000002', 'hex'), Buffer.from('[]')])),
    'not an object',
  ],
  ['a message that is no JSON', ({ raw }) => raw(Buffer.concat([Buffer.from('0000000600000002', 'hex'), Buffer.from('{x')])), 'JSON'],
  ['a second readiness', ({ say }) => say(ready), 'ready was said twice'],
  ['the end of a command that nobody started', ({ say }) => say({ t: 'exit', id: 99, code: 0 }), 'unknown id'],
  ['an answer to a call that nobody made', ({ say }) => say({ t: 'reply', id: '__proto__', result: {} }), 'unknown id'],
  ['an answer to a command', ({ say }) => say({ t: 'reply', id: 1, result: { ok: true } }), 'unexpected message for a command'],
  ['a connection that nobody asked for', ({ say }) => say({ t: 'connected', id: 99 }), 'unknown id'],
  ['a command that becomes a connection', ({ say }) => say({ t: 'connected', id: 1 }), 'unexpected message for a command'],
  ['a half of a command that ends', ({ say }) => say({ t: 'out-end', id: 1 }), 'unexpected message for a command'],
  ['a flood of acknowledgements', ({ say }) => say({ t: 'in-ack', id: 99, n: 1 }), 'more input was acknowledged than was sent'],
  ['an acknowledgement of nothing', ({ say }) => say({ t: 'in-ack', id: 1, n: 0 }), 'not a count'],
  [
    'more output than was asked for',
    ({ say }) => {
      for (let at = 0; at < 3; at += 1) say({ t: 'out', id: 1, s: 1 }, Buffer.alloc(256 * 1024))
    },
    'more output than was asked for',
  ],
  [
    'pieces of output without a byte in them',
    ({ say }) => {
      for (let at = 0; at < 10_000; at += 1) say({ t: 'out', id: 1, s: 1 })
    },
    'more output than was asked for',
  ],
]

test.each(forged)('%s ends the conversation, and the reason says so', async (_, say, words) => {
  const end = open()
  end.say(ready)
  const command = slowCommand(end.channel)
  await settled()
  say(end)
  await expect(command.exited).rejects.toThrow(SandboxLost)
  expect(end.reasons).toHaveLength(1)
  expect(end.reasons[0]).toContain(words)
  await expect(end.channel.call('read', {})).rejects.toThrow(words)
})

test('a connection that is not taken in time is given up, and its sandbox is not', async () => {
  const end = open()
  end.say(ready)
  expect(await openConnection(end.channel, { port: 80, timeoutMs: 20 })).toMatchObject({ ok: false, kind: 'late' })
  end.say({ t: 'connected', id: 1 })
  end.say({ t: 'exit', id: 1, code: 0, signal: null })
  await settled()
  expect(end.reasons).toEqual([])
})

test('acknowledgements of input that come after the end of the command are taken', async () => {
  const end = open()
  end.say(ready)
  const command = end.channel.exec({ argv: ['x'], cwd: '', env: {}, input: true }, { onOutput: () => undefined })
  await command.write(Buffer.from('abc'))
  end.say({ t: 'exit', id: 1, code: 0, signal: null })
  expect(await command.exited).toEqual({ code: 0, signal: null })
  end.say({ t: 'in-ack', id: 1, n: 3 })
  await settled()
  expect(end.reasons).toEqual([])
})

test('a runner that answers nothing is given up, so that no call waits for ever', async () => {
  const end = open(50)
  end.say(ready)
  await expect(end.channel.call('read', { path: 'x' })).rejects.toThrow('did not answer within 0.05 s')
  expect(end.reasons).toHaveLength(1)
})
