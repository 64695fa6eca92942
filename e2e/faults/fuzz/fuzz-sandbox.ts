// A real bubblewrap sandbox whose work tree holds what tools stumble over.

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sandbox } from '@slipway/core/ports'
import { openSandboxes } from '@slipway/sandbox/open-sandboxes'
import { systemClock } from '@slipway/server/runtime/clock'

const megabyte = 1024 * 1024

const fill = `
mkdir -p src deep/er/and/deeper empty
printf 'export const sum = (a, b) => a - b\\n' > src/sum.js
printf '# Sums\\n\\nAdds numbers.\\n' > README.md
printf 'first\\r\\nsecond\\r\\nthird\\r\\n' > crlf.txt
for i in $(seq 1 20000); do echo "line $i of the long file"; done > long.txt
head -c 400000 /dev/zero | tr '\\0' a > one-line.txt
head -c 5000 /dev/urandom > noise.bin
printf 'a\\377b\\n' > latin.txt
: > none.txt
ln -s /etc link-out; ln -s link-loop link-loop; ln -s src/sum.js link-in
mkfifo fifo
touch "$(printf 'new\\nline')" "quo'te\\"" $'\\xff\\xfe'
`

export interface FuzzSandbox {
  sandbox: Sandbox
  treeHash(): Promise<string>
  close(): Promise<void>
}

export async function openFuzzSandbox(): Promise<FuzzSandbox> {
  const home = await mkdtemp(join(tmpdir(), 'slipway-fuzz-'))
  await chmod(home, 0o711)
  const environment = { ...process.env, SLIPWAY_SANDBOX_STATE: join(home, 'state') }
  const sandboxes = await openSandboxes({ home, clock: systemClock, environment })
  const created = await sandboxes.create('bubblewrap', {
    sandboxId: 'fuzz',
    sessionId: 'fuzz',
    workspace: 'fuzz',
    limits: { memoryBytes: 512 * megabyte, processes: 100, cpus: 2, diskBytes: 512 * megabyte },
    egress: { allow: [], uploadLimitBytes: megabyte },
    phase: 'agent',
    onEgress: () => undefined,
  })
  if (!created.ok) throw new Error(created.message)
  const { sandbox } = created
  const filled = await sandbox.exec({ argv: ['bash', '-c', fill], timeoutMs: 60_000 })
  if (filled.exitCode !== 0) throw new Error('the work tree could not be filled')
  return {
    sandbox,
    treeHash: async () => (await sandbox.checkpoint()).treeHash,
    async close() {
      await sandboxes.reap(async (all) => all)
      await sandboxes.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
