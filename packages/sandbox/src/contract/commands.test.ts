import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { type Sandbox, SandboxLost } from '@slipway/core/ports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendsUnderTest, type Bench, MIB, openBench, sh } from './harness.ts'

describe.each(backendsUnderTest())('commands in %s', (backend) => {
  let bench: Bench
  let sandbox: Sandbox
  beforeAll(async () => {
    bench = await openBench(backend)
    sandbox = await bench.create()
  })
  afterAll(() => bench.close())

  const sleepers = async (): Promise<string> =>
    (await sh(sandbox, `for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $f 2>/dev/null | grep '^sleep 98' ; done; true`)).stdout

  test('keeps standard output and error apart and returns the exit code', async () => {
    expect(await sh(sandbox, 'echo out; echo err >&2; exit 3')).toMatchObject({
      stdout: 'out\n',
      stderr: 'err\n',
      exitCode: 3,
      killed: null,
    })
  })

  test('passes arguments without a shell, the directory and the environment', async () => {
    await sh(sandbox, 'mkdir -p "a b"')
    let text = ''
    const result = await sandbox.exec({
      argv: ['bash', '-c', 'echo "$1|$NAME|$PWD"', 'x', '$(id); *'],
      cwd: 'a b',
      env: { NAME: 'v w' },
      timeoutMs: 60_000,
      onOutput: (chunk) => {
        text += Buffer.from(chunk).toString()
      },
    })
    expect({ text, exitCode: result.exitCode }).toEqual({ text: `$(id); *|v w|${sandbox.root}/a b\n`, exitCode: 0 })
  })

  test('says that a program or a directory is missing instead of throwing', async () => {
    expect(await sandbox.exec({ argv: ['no-such-program'], timeoutMs: 60_000 })).toMatchObject({ exitCode: 127 })
    expect(await sandbox.exec({ argv: ['true'], cwd: 'nowhere', timeoutMs: 60_000 })).toMatchObject({ exitCode: 126 })
    expect(await sandbox.exec({ argv: ['true'], cwd: '../..', timeoutMs: 60_000 })).toMatchObject({ exitCode: 126 })
  })

  test('carries binary input and output unchanged', async () => {
    const bytes = randomBytes(3 * MIB)
    const received: Uint8Array[] = []
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000)
    }
    const result = await sandbox.exec({
      argv: ['cat'],
      stdin: pieces(),
      timeoutMs: 20_000,
      onOutput: (chunk) => {
        received.push(chunk)
      },
    })
    const sha = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex')
    expect(result.exitCode).toBe(0)
    expect(sha(Buffer.concat(received))).toBe(sha(bytes))
  })

  test('a command that does not read its input still ends', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield new Uint8Array(64 * 1024)
    }
    expect(await sandbox.exec({ argv: ['true'], stdin: endless(), timeoutMs: 10_000 })).toMatchObject({ exitCode: 0 })
  })

  test('a deadline ends the command and everything it started, detached or not', async () => {
    const script = `setsid sleep 981 & (setsid sleep 982 &) ; env -i /bin/bash -c 'setsid sleep 983 & disown' ; sleep 984`
    const startedAt = performance.now()
    expect(await sandbox.exec({ argv: ['bash', '-c', script], timeoutMs: 500 })).toMatchObject({ exitCode: null, killed: 'timeout' })
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    expect(await sleepers()).toBe('')
  })

  test('stopping ends the process tree within two seconds, even one that keeps forking', async () => {
    const stop = new AbortController()
    const running = sandbox.exec({
      argv: ['bash', '-c', 'trap "" TERM INT; f() { sleep 985 & sleep 0.05; f; }; f'],
      timeoutMs: 60_000,
      signal: stop.signal,
      onOutput: () => undefined,
    })
    await delay(400)
    const startedAt = performance.now()
    stop.abort()
    expect(await running).toMatchObject({ killed: 'stopped' })
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    expect(await sleepers()).toBe('')
  })

  test('a background job outlives its command, does not hold it up, and survives the stop of another', async () => {
    const startedAt = performance.now()
    await sh(
      sandbox,
      `perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(LocalAddr=>"127.0.0.1:8123",Listen=>5,ReuseAddr=>1) or die; while($c=$s->accept){print $c "hello\\n";close $c}' & until grep -q :1FBB /proc/net/tcp; do sleep 0.05; done`,
    )
    expect(performance.now() - startedAt).toBeLessThan(15_000)
    await sandbox.exec({ argv: ['sleep', '986'], timeoutMs: 100 })
    expect((await sh(sandbox, 'exec 3<>/dev/tcp/127.0.0.1/8123; cat <&3')).stdout).toBe('hello\n')
  })

  test('a slow reader slows the command, and the host does not hoard its output', async () => {
    const before = process.memoryUsage.rss()
    let received = 0
    const result = await sandbox.exec({
      argv: ['yes'],
      timeoutMs: 2_000,
      async onOutput(chunk) {
        received += chunk.length
        await delay(5)
      },
    })
    expect(result.killed).toBe('timeout')
    expect(received).toBeGreaterThan(64 * 1024)
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * MIB)
  })

  test('an open process answers line by line', async () => {
    const lines: string[] = []
    let wake: () => void = () => undefined
    const cat = await sandbox.start({
      argv: ['cat'],
      onOutput(chunk) {
        lines.push(Buffer.from(chunk).toString())
        wake()
      },
    })
    const answered = new Promise<void>((resolve) => {
      wake = resolve
    })
    await cat.write(Buffer.from('ping\n'))
    await answered
    expect(lines).toEqual(['ping\n'])
    await cat.endInput()
    expect(await cat.exited).toMatchObject({ exitCode: 0, killed: null })
    const other = await sandbox.start({ argv: ['sleep', '987'] })
    await other.kill()
    expect(await other.exited).toMatchObject({ killed: 'stopped' })
  })

  test('killing a command that has ended already leaves the sandbox alone', async () => {
    const ended = await sandbox.start({ argv: ['true'] })
    await ended.exited
    await ended.kill()
    // Longer than a command that is killed may take before the sandbox is given up.
    expect(await sandbox.exec({ argv: ['sleep', '2.3'], timeoutMs: 20_000 })).toMatchObject({ exitCode: 0 })
  })

  test('when the runner dies, what waits and what comes after is told so', async () => {
    const doomed = await bench.create()
    const waiting = doomed.exec({ argv: ['sleep', '60'], timeoutMs: 60_000 })
    const killer = doomed.exec({ argv: ['bash', '-c', 'kill -9 $PPID'], timeoutMs: 60_000 })
    await expect(waiting).rejects.toThrow(SandboxLost)
    await killer.catch(() => undefined)
    await expect(doomed.readFile('x', { maxBytes: 1 })).rejects.toThrow(SandboxLost)
  })

  test('forged frames from inside end the sandbox, not the host', async () => {
    const doomed = await bench.create()
    const forged = doomed.exec({
      argv: [
        'perl',
        '-e',
        `for my $p (glob "/proc/[0-9]*") { open(my $f, ">", "$p/fd/1") or next; print $f "\\xff" x 4096; close $f } sleep 5`,
      ],
      timeoutMs: 3_000,
    })
    const outcome = await forged.then(
      () => 'ended',
      (error: unknown) => error,
    )
    if (outcome !== 'ended') expect(outcome).toBeInstanceOf(SandboxLost)
    expect(await (await bench.create()).exec({ argv: ['true'], timeoutMs: 60_000 })).toMatchObject({ exitCode: 0 })
  })

  test('a second sandbox of a workspace ends the first and finds its files', async () => {
    const first = await bench.create({ workspace: 'again' })
    await first.writeFile('kept.txt', Buffer.from('kept'), {})
    const second = await bench.create({ workspace: 'again' })
    await expect(first.exec({ argv: ['true'], timeoutMs: 1_000 })).rejects.toThrow(SandboxLost)
    expect(await second.readFile('kept.txt', { maxBytes: 10 })).toMatchObject({ ok: true, totalBytes: 4 })
  })

  test('an ended sandbox leaves nothing mounted, and its files', async () => {
    const mounts = () => readFileSync('/proc/self/mounts', 'utf8').split(bench.state).length - 1
    const before = mounts()
    const first = await bench.create({ workspace: 'put-away' })
    await first.writeFile('x', Buffer.from('x'), {})
    await first.checkpoint()
    expect(mounts()).toBe(before + 1)
    await first.close({ deleteWorkspace: false })
    expect(mounts()).toBe(before)
    const second = await bench.create({ workspace: 'put-away' })
    expect(await second.readFile('x', { maxBytes: 1 })).toMatchObject({ ok: true })
    // A checkpoint that is begun as the sandbox ends sees the files or nothing at all.
    const [checkpoint] = await Promise.allSettled([second.checkpoint(), second.close({ deleteWorkspace: false })])
    const third = await bench.create({ workspace: 'put-away' })
    const { checkpoint: whole } = await third.checkpoint()
    expect(checkpoint.status === 'rejected' || checkpoint.value.checkpoint === whole).toBe(true)
    await third.close({ deleteWorkspace: false })
    expect(mounts()).toBe(before)
  })

  test('an ended sandbox deletes its work tree, and never that of its successor', async () => {
    const first = await bench.create({ workspace: 'handed-on' })
    const second = await bench.create({ workspace: 'handed-on' })
    await second.writeFile('x', Buffer.from('x'), {})
    await first.close({ deleteWorkspace: true })
    const { checkpoint } = await second.checkpoint()
    const kept = await bench.sandboxes.readCheckpoint({ backend, workspace: 'handed-on', checkpoint })
    expect(kept?.files.map(({ path }) => path)).toEqual(['x'])
    // A start that comes right after waits for the deletion.
    const closing = second.close({ deleteWorkspace: true })
    const third = await bench.create({ workspace: 'handed-on' })
    await closing
    expect(await third.list('', { depth: 1, limit: 10, all: true })).toMatchObject({ entries: [] })
    await third.writeFile('y', Buffer.from('y'), {})
    expect((await third.checkpoint()).changed).toBe(true)
  })

  test('a workspace that is made while orphans are looked for is none of them', async () => {
    let made: Sandbox | null = null
    const none = await bench.sandboxes.reap(async (all) => {
      made = await bench.create({ workspace: 'made-meanwhile' })
      await made.writeFile('x', Buffer.from('x'), {})
      expect(all).not.toContain('made-meanwhile')
      return []
    })
    expect(none).toBe(0)
    expect(await (made as Sandbox | null)?.readFile('x', { maxBytes: 1 })).toMatchObject({ ok: true })
  })

  test('a self-test under way is no orphan, and one that was killed is', async () => {
    const dead = spawnSync('true').pid
    for (const pid of [process.pid, dead]) await (await bench.create({ workspace: `self-test-${pid}` })).close({ deleteWorkspace: false })
    let seen: string[] = []
    await bench.sandboxes.reap(async (all) => (seen = all.filter((workspace) => workspace.startsWith('self-test-'))))
    expect(seen).toEqual([`self-test-${dead}`])
  })

  test('reap deletes the workspaces that nobody keeps', async () => {
    const kept = await bench.create({ workspace: 'keep-me' })
    await kept.writeFile('x', Buffer.from('x'), {})
    const gone = await bench.create({ workspace: 'forget-me' })
    await gone.writeFile('x', Buffer.from('x'), {})
    expect(await bench.sandboxes.reap(async (all) => all.filter((workspace) => workspace === 'forget-me'))).toBe(1)
    expect(await (await bench.create({ workspace: 'forget-me' })).list('', { depth: 1, limit: 10, all: true })).toMatchObject({
      entries: [],
    })
    expect(await kept.readFile('x', { maxBytes: 1 })).toMatchObject({ ok: true })
  })
})
