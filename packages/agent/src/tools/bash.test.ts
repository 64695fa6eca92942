import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { openToolBench, type ToolBench } from '../testing/tool-bench.ts'
import { bash, bashOutput } from './bash.ts'

let bench: ToolBench
afterEach(() => bench.close())

describe('bash', () => {
  it('says how the command ended, then what it printed', async () => {
    bench = await openToolBench({ a: 'x' })
    const outcome = await bash({ command: 'ls; echo problem >&2; exit 3' }, bench.context)
    expect(outcome).toMatchObject({
      ok: false,
      problem: 'failed',
      changed: true,
      facts: { command: 'ls; echo problem >&2; exit 3', exitCode: 3, killed: null },
    })
    expect(outcome.output).toMatch(/^Exit code 3 after \d+\.\d s\.\n/)
    expect(outcome.output.split('\n').slice(1).sort()).toEqual(['a', 'problem'])
  })

  it('streams while it runs', async () => {
    bench = await openToolBench()
    await bash({ command: 'echo one; echo two' }, bench.context)
    expect(bench.streamed()).toBe('one\ntwo\n')
  })

  it('ends a command at its time limit and says how to go on', async () => {
    bench = await openToolBench()
    const outcome = await bash({ command: 'echo begun; sleep 30', timeout_s: 0.2 }, bench.context)
    expect(outcome.output).toBe('Ended after its time limit of 0.2 s. Give it a longer timeout_s, or run it with background.\nbegun')
    expect(outcome).toMatchObject({ ok: false, facts: { exitCode: null, killed: 'timeout' } })
  })

  it('ends with everything it started when it is stopped', async () => {
    bench = await openToolBench()
    const running = bash({ command: 'sleep 30 & echo $!; wait' }, bench.context)
    while (bench.streamed() === '') await new Promise((done) => setImmediate(done))
    bench.stop()
    const outcome = await running
    expect(outcome.output).toMatch(/^Stopped after \d+\.\d s\./)
    await gone(Number(bench.streamed()))
  })

  it('joins characters that arrive in pieces', async () => {
    bench = await openToolBench()
    expect((await bash({ command: "printf '\\xc3'; sleep 0.05; printf '\\xa4 \\xff'" }, bench.context)).output).toMatch(/\nä \ufffd$/)
  })

  it('keeps the start and the end of a flood, in bounded memory', async () => {
    bench = await openToolBench()
    const { output } = await bash({ command: 'echo first; head -c 20000000 /dev/zero | tr "\\0" "x"; echo; echo last' }, bench.context)
    expect(output.length).toBeLessThan(9_000_000)
    expect(output.slice(0, 100)).toMatch(/^Exit code 0 .*\nfirst\nx/)
    expect(/\[\d+ characters left out\]/.test(output)).toBe(true)
    expect(output.slice(-6)).toBe('x\nlast')
  })
})

describe('bash in the background', () => {
  it('waits for output or the end, and gives nothing twice', async () => {
    bench = await openToolBench()
    await bash({ command: 'mkfifo gate' }, bench.context)
    await bash({ command: 'echo one; cat gate; exit 4', background: true }, bench.context)
    const one = await bashOutput({ id: 'bg1', wait_s: 5 }, bench.context)
    expect(one.output).toMatch(/^Running for \d+\.\d s\.\none$/)
    expect(one.facts).toEqual({ running: true, exitCode: null })
    expect((await bashOutput({ id: 'bg1' }, bench.context)).output).toMatch(/^Running for .*\nNo new output\.$/)
    await bash({ command: 'echo two > gate' }, bench.context)
    const { headline, text, facts } = await untilEnded('bg1')
    expect(headline).toMatch(/^Ended with exit code 4 after/)
    expect(facts['exitCode']).toBe(4)
    expect(text).toBe('two')
  })

  it('kills on request', async () => {
    bench = await openToolBench()
    await bash({ command: 'sleep 30', background: true }, bench.context)
    expect(await bashOutput({ id: 'bg1', kill: true }, bench.context)).toMatchObject({
      ok: true,
      output: expect.stringMatching(/^Ended/),
      facts: { running: false },
    })
  })

  it('keeps the newest output of a flood', async () => {
    bench = await openToolBench()
    await bash({ command: 'head -c 1000000 /dev/zero | tr "\\0" "x"; echo last; touch done', background: true }, bench.context)
    while (!(await bench.sandbox.readFile('done', { maxBytes: 1 })).ok) await new Promise((done) => setImmediate(done))
    const { text } = await untilEnded('bg1')
    expect(text.length).toBeLessThan(300_000)
    expect(text.slice(0, 100)).toMatch(/^\[\d+ earlier characters left out\]\nx/)
    expect(text.slice(-6)).toBe('xxlast')
  })

  it('does not know commands of another sandbox', async () => {
    bench = await openToolBench()
    await bash({ command: 'sleep 30', background: true }, bench.context)
    const other = await openToolBench()
    expect(await bashOutput({ id: 'bg1' }, { ...bench.context, sandbox: async () => other.sandbox })).toMatchObject({
      ok: false,
      output: expect.stringContaining('no background command bg1'),
    })
    await other.close()
  })

  it('survives the loss of its sandbox', async () => {
    bench = await openToolBench()
    await bash({ command: 'sleep 30', background: true }, bench.context)
    bench.sandbox.lose()
    expect(await bashOutput({ id: 'bg1', wait_s: 5 }, bench.context)).toMatchObject({ ok: true, facts: { running: false } })
  })
})

async function untilEnded(id: string): Promise<{ headline: string; text: string; facts: Record<string, unknown> }> {
  let text = ''
  for (;;) {
    const { output, facts } = await bashOutput({ id, wait_s: 5 }, bench.context)
    const lineEnd = output.indexOf('\n')
    const body = output.slice(lineEnd + 1)
    if (body !== 'No new output.') text += body
    if (facts['running'] === false) return { headline: output.slice(0, lineEnd), text, facts }
  }
}

// A killed process may be listed until its new parent has looked at it.
async function gone(pid: number): Promise<void> {
  for (;;) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
    if (status === null || / [ZX] /.test(status)) return
    await new Promise((done) => setImmediate(done))
  }
}
