// A home and a small repository for the time of a measurement.

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSampleRepository } from '../../apps/server/src/sample/sample-repository.ts'

export interface BenchHome {
  folder: string
  home: string
  repository: string
  /** What a process needs to work there. */
  variables: Record<string, string>
  close(): Promise<void>
}

export async function openBenchHome(): Promise<BenchHome> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'))
  // The sandbox's user must be able to pass through.
  await chmod(folder, 0o711)
  const [home, files, repository] = [join(folder, 'home'), join(folder, 'files'), join(folder, 'repository.git')]
  await mkdir(files)
  await writeFile(join(files, 'README.md'), '# Bench\n')
  await createSampleRepository({ folder: files, gitDir: repository, at: new Date('2026-01-01T00:00:00Z') })
  return {
    folder,
    home,
    repository,
    variables: { SLIPWAY_HOME: home, SLIPWAY_SANDBOX_STATE: join(folder, 'sandboxes') },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}
