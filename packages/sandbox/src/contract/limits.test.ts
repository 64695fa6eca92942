import { SandboxLost, type Sandbox } from '@slipway/core/ports'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backendsUnderTest, type Bench, MIB, openBench, sh } from './harness.ts'

describe.each(backendsUnderTest())('limits of %s', (backend) => {
  let bench: Bench
  let sandbox: Sandbox
  beforeAll(async () => {
    bench = await openBench(backend)
  })
  afterAll(() => bench.close())
  beforeEach(async () => {
    sandbox = await bench.create({ limits: { memoryBytes: 256 * MIB, processes: 60, cpus: 1, diskBytes: 64 * MIB } })
  })

  async function nextOneStarts(): Promise<void> {
    await sandbox.close({ deleteWorkspace: true })
    expect((await sh(await bench.create(), 'echo fine')).stdout).toBe('fine\n')
  }

  test('a memory bomb is ended and called one', async () => {
    expect(await sh(sandbox, `perl -e 'while (1) { push @a, "x" x 1048576 }'`)).toMatchObject({ exitCode: null, killed: 'memory' })
    expect((await sh(sandbox, 'echo alive')).stdout).toBe('alive\n')
    await nextOneStarts()
  })

  test('a fork bomb stays small and ends with its command', async () => {
    const result = await sandbox
      .exec({ argv: ['bash', '-c', 'f() { f | f & }; f; sleep 60'], timeoutMs: 1_500, onOutput: () => undefined })
      .catch((error: unknown) => error)
    if (result instanceof Error) expect(result).toBeInstanceOf(SandboxLost)
    else expect(result).toMatchObject({ killed: 'timeout' })
    await nextOneStarts()
  })

  test("a disk filler meets the end of its disk, or of its sandbox, and not the host's", async () => {
    const filled = await sh(
      sandbox,
      'for i in $(seq 20); do head -c 20M /dev/zero > f$i 2>/dev/null; done; sleep 1.5; cat f* | wc -c',
    ).catch((error: unknown) => error)
    if (filled instanceof Error) expect(filled.message).toContain('work tree grew')
    else expect(Number((filled as { stdout: string }).stdout)).toBeLessThanOrEqual(64 * MIB)
    await nextOneStarts()
  })

  test('temporary directories are bounded too', async () => {
    const { stdout } = await sh(
      sandbox,
      'for d in /tmp /dev/shm /home/agent; do head -c 400M /dev/zero > $d/x 2>/dev/null; stat -c %s $d/x; rm $d/x; done',
    )
    for (const size of stdout.trim().split('\n')) expect(Number(size)).toBeLessThan(200 * MIB)
  })
})
