import { describe, expect, it } from 'vitest'
import { replay } from '@slipway/core/reduce'
import type { ModelResult } from '@slipway/core/ports'
import { drive } from './drive.ts'
import { LeaseLost } from './session-log.ts'
import { answerWith, memoryWorld, type Answer, type World } from './testing/memory-ports.ts'

/** A small job: a wrong fix, failing checks, the right fix, a change request. */
const job: ModelResult[] = [
  answerWith('Looking.', ['1a', 'read_file', { path: 'src/sum.js' }], ['1b', 'list_files', {}]),
  answerWith('Planning.', ['2a', 'update_plan', { steps: [{ title: 'fix', status: 'active' }] }]),
  answerWith('A first try.', ['3a', 'edit_file', { path: 'src/sum.js', edits: [{ old_text: 'a - b', new_text: 'a * b' }] }]),
  answerWith('Handing in.', ['4a', 'commit', { message: 'fix' }], ['4b', 'publish', { title: 'Fix', summary: 'Fixed.' }]),
  answerWith(
    'Mending.',
    ['5a', 'edit_file', { path: 'src/sum.js', edits: [{ old_text: 'a * b', new_text: 'a + b' }] }],
    ['5b', 'bash', { command: 'npm test' }],
  ),
  answerWith('Handing in again.', ['6a', 'commit', { message: 'fix' }], ['6b', 'publish', { title: 'Fix', summary: 'Fixed.' }]),
  answerWith('Done.', ['7a', 'finish', { summary: 'Fixed.' }]),
]

const play: Answer = (request) => job[request.ordinal] ?? answerWith('Nothing left to do.')

const run = (world: World, signal = new AbortController().signal) => drive(world.lease, world.ports, signal)
const stateOf = (world: World) => replay(world.events)
const modelCalls = (world: World) => world.events.filter(({ body }) => body.type === 'model-requested').length
const effectsOf = (world: World) => world.outside.filter((line) => line.startsWith('push') || line.startsWith('open'))

describe('drive', () => {
  it('takes a task to a verified change request', async () => {
    const world = memoryWorld(play)
    const end = await run(world)
    expect(end).toEqual({ kind: 'rest', head: world.events.length, wakeAt: null })
    expect(stateOf(world).finished).toEqual({ outcome: 'verified', summary: 'Fixed.' })
    expect(effectsOf(world)).toEqual([expect.stringContaining('push slipway/s1-'), expect.stringContaining('open slipway/s1-')])
    expect(world.outside.filter((line) => line.startsWith('verify'))).toEqual(['verify false', 'verify true'])
    expect(world.files.get('src/sum.js')).toContain('a + b')
  })

  it('reads the log to begin and to rest, never to hear of its own events', async () => {
    const world = memoryWorld(play)
    const { log } = world.ports
    const reads: number[] = []
    world.ports.log = { ...log, read: (wanted) => (reads.push(wanted.after), log.read(wanted)) }
    await run(world)
    expect(reads).toEqual([0, world.events.length])
  })

  it.each(['push', 'openChangeRequest'] as const)(
    'waits for a person when %s wants another account, and goes on with the same call',
    async (step) => {
      const world = memoryWorld(play)
      const { forges } = world.ports
      let isConnected = false
      world.ports.forges = {
        for(repository, ownerId) {
          const found = forges.for(repository, ownerId)
          const revoked = { ok: false, problem: 'auth', message: 'Reconnect in Settings → Connections.', retryAfterMs: null } as const
          if (!found.ok || isConnected) return found
          return { ok: true, forge: { ...found.forge, [step]: () => Promise.resolve(revoked) } }
        },
      }
      await run(world)
      expect(stateOf(world)).toMatchObject({
        finished: null,
        ask: { kind: 'continue', question: expect.stringContaining('Settings → Connections') },
      })
      const calls = modelCalls(world)
      isConnected = true
      const { ask } = stateOf(world)
      await world.say({
        type: 'human-answered',
        askId: ask?.askId ?? '',
        decision: 'approve',
        text: '',
        effectHash: null,
        budgetMicros: null,
      })
      await run(world)
      expect(stateOf(world).finished).toEqual({ outcome: 'verified', summary: 'Fixed.' })
      expect(effectsOf(world)).toHaveLength(2)
      expect(modelCalls(world) - calls).toBe(1)
    },
  )

  it('pushes a commit that is published once more again, as its branch may be gone since', async () => {
    const again = answerWith('Once more.', ['7b', 'publish', { title: 'Fix', summary: 'Fixed.' }])
    const world = memoryWorld(
      (request) => [...job.slice(0, 6), again, ...job.slice(6)][request.ordinal] ?? answerWith('Nothing left to do.'),
    )
    const { forges } = world.ports
    const pushed: string[] = []
    world.ports.forges = {
      for(repository, ownerId) {
        const found = forges.for(repository, ownerId)
        if (!found.ok) return found
        const { push } = found.forge
        return { ok: true, forge: { ...found.forge, push: (input) => (pushed.push(input.oid), push(input)) } }
      },
    }
    await run(world)
    expect(stateOf(world).finished?.outcome).toBe('verified')
    expect(pushed).toEqual([pushed[0], pushed[0]])
    expect(effectsOf(world)).toHaveLength(2)
  })

  it('comes to the same end when the worker dies before or after any append', async () => {
    const whole = memoryWorld(play)
    await run(whole)
    for (let crashAt = 2; crashAt <= whole.events.length; crashAt++) {
      for (const moment of ['beforeAppend', 'afterAppend'] as const) {
        const world = memoryWorld(play)
        let isArmed = true
        world[moment] = () => {
          if (!isArmed || world.events.length < (moment === 'beforeAppend' ? crashAt - 1 : crashAt)) return
          isArmed = false
          world.takeOver()
          throw new Error('killed')
        }
        await run(world).catch(() => undefined)
        world.takeOver()
        await run(world)
        const where = `${moment} ${crashAt}`
        expect([where, stateOf(world).finished]).toEqual([where, { outcome: 'verified', summary: 'Fixed.' }])
        expect([where, effectsOf(world).length]).toEqual([where, 2])
        expect([where, world.files.get('src/sum.js')]).toEqual([where, whole.files.get('src/sum.js')])
      }
    }
  })

  it('takes the base in and publishes what comes of it, whenever the worker dies', async () => {
    const steps = [
      ...job,
      answerWith('Merged.', ['8a', 'commit', { message: 'merge' }], ['8b', 'publish', { title: 'Fix', summary: 'Up to date.' }]),
      answerWith('Done.', ['9a', 'finish', { summary: 'Up to date.' }]),
    ]
    const conflicting = async (): Promise<World> => {
      const world = memoryWorld((request) => steps[request.ordinal] ?? answerWith('Nothing left to do.'))
      await run(world)
      const oid = stateOf(world).work.pushed?.oid ?? ''
      await world.say({ type: 'conflict-noticed', oid, base: 'main', baseOid: 'd'.repeat(40) })
      await run(world)
      const { askId = '' } = stateOf(world).ask ?? {}
      const answer = { decision: 'answer' as const, text: 'Bring it up to date', effectHash: null, budgetMicros: null }
      await world.say({ type: 'human-answered', askId, ...answer })
      return world
    }
    const whole = await conflicting()
    const begunAt = whole.events.length
    await run(whole)
    const pushed = stateOf(whole).work.pushed
    expect(whole.events.filter(({ body }) => body.type === 'base-taken-in')).toHaveLength(1)
    for (let crashAt = begunAt + 1; crashAt <= whole.events.length; crashAt++) {
      for (const moment of ['beforeAppend', 'afterAppend'] as const) {
        const world = await conflicting()
        let isArmed = true
        world[moment] = () => {
          if (!isArmed || world.events.length < (moment === 'beforeAppend' ? crashAt - 1 : crashAt)) return
          isArmed = false
          world.takeOver()
          throw new Error('killed')
        }
        await run(world).catch(() => undefined)
        world.takeOver()
        await run(world)
        const where = `${moment} ${crashAt}`
        expect([where, stateOf(world).finished?.outcome, stateOf(world).work.pushed]).toEqual([where, 'verified', pushed])
        expect([where, world.events.filter(({ body }) => body.type === 'base-taken-in').length]).toEqual([where, 1])
      }
    }
  })

  it('leaves no trace of a sandbox that was not ready when the session came to rest', async () => {
    const world = memoryWorld(() => answerWith('It is 42.'))
    const open = world.ports.workspaces.open
    let closed = 0
    world.ports.workspaces.open = async (spec) => {
      await new Promise<void>((resolve) => spec.signal.addEventListener('abort', () => resolve()))
      const opened = await open(spec)
      return opened.ok
        ? { ok: true, workspace: { ...opened.workspace, sandbox: { ...opened.workspace.sandbox, close: async () => void closed++ } } }
        : opened
    }
    await run(world)
    expect(world.events.at(-1)?.body).toMatchObject({ type: 'session-finished' })
    expect(closed).toBe(1)
  })

  it('freezes no instructions that only say that this worker had to let go', async () => {
    const world = memoryWorld(() => answerWith('ok'))
    const letGo = new AbortController()
    world.ports.workspaces.describe = async () => ({
      setup: [],
      checks: [],
      mcp: { greeter: { command: 'x', args: [], env: {} } },
      problems: [],
    })
    world.ports.workspaces.open = async () => {
      letGo.abort()
      return { ok: false, kind: 'failed', message: 'stopped' }
    }
    expect(await drive(world.lease, world.ports, letGo.signal)).toMatchObject({ kind: 'aborted' })
    expect(world.events.some((event) => event.body.type === 'instructions-frozen')).toBe(false)
  })

  it('writes nothing more once another worker has the session', async () => {
    const world = memoryWorld(() => {
      world.takeOver()
      return answerWith('too late', ['1', 'bash', { command: 'true' }])
    })
    const { lease } = world
    await expect(drive(lease, world.ports, new AbortController().signal)).rejects.toThrow(LeaseLost)
    expect(world.events.at(-1)?.body.type).toBe('model-requested')
  })

  it('closes the model call when a person stops the session', async () => {
    let wasAborted = false
    const world = memoryWorld(
      (_request, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            wasAborted = true
            resolve({
              ok: false,
              failure: { status: null, message: 'aborted', code: null, retryAfterMs: null, cause: 'aborted' },
              usage: null,
              ms: 1,
            })
          })
          void world.say({ type: 'stop-requested', reason: 'enough' })
        }),
    )
    await run(world)
    expect(wasAborted).toBe(true)
    expect(stateOf(world).finished).toEqual({ outcome: 'stopped', summary: 'enough' })
    expect(world.events.filter((event) => event.body.type === 'model-failed').map((event) => event.body)).toMatchObject([
      { kind: 'stopped' },
    ])
  })

  it('decides again when a message arrives between the decision and its intent', async () => {
    const world = memoryWorld(play)
    let hasSpoken = false
    world.beforeAppend = (bodies) => {
      if (hasSpoken || bodies[0]?.type !== 'model-requested') return
      hasSpoken = true
      void world.say({ type: 'user-message', text: 'in TypeScript, please', mode: 'steer' })
    }
    await run(world)
    const first = world.events.findIndex((event) => event.body.type === 'model-requested')
    expect(world.events[first - 1]?.body).toMatchObject({ type: 'user-message' })
    expect(stateOf(world).finished?.outcome).toBe('verified')
  })

  it('opens another sandbox and tells the model when one dies', async () => {
    const world = memoryWorld(
      (request) =>
        [answerWith('', ['1', 'bash', { command: 'die' }]), answerWith('', ['2', 'bash', { command: 'true' }]), answerWith('Done.')][
          request.ordinal
        ] ?? answerWith('Done.'),
    )
    await run(world)
    const outcomes = world.events.flatMap((event) => (event.body.type === 'tool-finished' ? [[event.body.ok, event.body.problem]] : []))
    expect(outcomes).toEqual([
      [false, 'interrupted'],
      [true, null],
    ])
    expect(world.events.filter((event) => event.body.type === 'sandbox-started')).toHaveLength(2)
  })

  it('rests while a person is asked, and goes on with the answer', async () => {
    const world = memoryWorld(play, { autonomy: 'plan' })
    await run(world)
    const { ask } = stateOf(world)
    expect(ask).toMatchObject({ kind: 'approval' })
    expect(effectsOf(world)).toEqual([])
    await world.say({
      type: 'human-answered',
      askId: ask?.askId ?? '',
      decision: 'approve',
      text: '',
      effectHash: ask?.effect?.hash ?? null,
      budgetMicros: null,
    })
    await run(world)
    expect(stateOf(world).finished?.outcome).toBe('verified')
  })

  it('sends prompts that only grow', async () => {
    const prompts: string[][] = []
    const world = memoryWorld((request, signal) => {
      prompts.push(request.messages.map((message) => JSON.stringify({ ...message, cache: false })))
      return play(request, signal)
    })
    await run(world)
    prompts.forEach((prompt, index) => expect(prompt.slice(0, prompts[index - 1]?.length ?? 0)).toEqual(prompts[index - 1] ?? []))
  })
})
