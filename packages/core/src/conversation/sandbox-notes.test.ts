import { describe, expect, it } from 'vitest'
import type { SetupFinished } from '../events.ts'
import { nextMove } from '../next-move.ts'
import { call, readyLog, situation, text } from '../testing/log-builder.ts'

const started = { type: 'sandbox-started', backend: 'bubblewrap', sandboxId: 's', restoredFrom: 'base', ms: 1 } as const

function setup(exitCode: number): SetupFinished {
  const step = { command: 'npm install', exitCode, killed: null, ms: 700, outputSha: 'sha', tail: 'E403 Forbidden' }
  return { type: 'setup-finished', ok: exitCode === 0, cached: false, steps: [step], ms: 700 }
}

describe('what the model hears of its sandbox', () => {
  it('is that the set-up failed, once, with the output as data', () => {
    const log = readyLog().add(started, setup(1), started, setup(1))
    expect(log.state().inbox).toMatchObject([
      { kind: 'user' },
      { origin: 'set-up', trust: 'trusted', text: expect.stringContaining('The set-up of the sandbox failed') },
      { origin: 'set-up', trust: 'untrusted', text: '$ npm install: exit code 1 after 0.7 s\nE403 Forbidden' },
    ])
  })

  it('is nothing when the set-up went well or nothing ran in the background', () => {
    const log = readyLog().add(started, setup(0), started)
    expect(log.state().inbox).toHaveLength(1)
  })

  it('is that background commands ended with their sandbox', () => {
    const log = readyLog()
      .answer([call('b', 'bash', { command: 'npm start', background: true })])
      .settle('b', { facts: { background: 'bg1' } })
      .add(started)
    expect(log.state().inbox).toMatchObject([{ origin: 'sandbox', trust: 'trusted' }])
    expect(log.add(started).state().inbox).toHaveLength(1)
  })

  it('never keeps a turn going that is at its end', () => {
    const log = readyLog()
      .answer([text('Nothing to do.')])
      .add(started, setup(1))
    expect(nextMove(log.state(), situation(log))).toMatchObject({ kind: 'record', bodies: [{ type: 'session-finished' }] })
  })
})
