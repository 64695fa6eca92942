// What the model sees of an output, and where the rest is kept.

import type { Blobs } from '@slipway/core/ports'
import { headTail } from '@slipway/core/text/truncate'
import { toStorable } from '@slipway/core/text/clean'

const kilobyte = 1024
const caps: Record<string, { headBytes: number; tailBytes: number }> = {
  read_file: { headBytes: 32 * kilobyte, tailBytes: 0 },
  search: { headBytes: 16 * kilobyte, tailBytes: 0 },
  list_files: { headBytes: 16 * kilobyte, tailBytes: 0 },
}
const usual = { headBytes: 8 * kilobyte, tailBytes: 16 * kilobyte }

/** Head and tail for the model; the whole output goes to the blob store when it was cut. */
export async function capOutput(tool: string, output: string, blobs: Blobs): Promise<{ output: string; blob: string | null }> {
  const storable = toStorable(output)
  const cut = headTail(storable, caps[tool] ?? usual)
  if (!cut.isCut) return { output: cut.text, blob: null }
  return { output: cut.text, blob: await blobs.put(new TextEncoder().encode(storable)) }
}
