// What the model sees of an output, and where the rest is kept.

import type { Blobs } from '@slipway/core/ports'
import { headTail } from '@slipway/core/text/truncate'
import { cleanOutput, removalNotice, revealHidden, toStorable } from '@slipway/core/text/clean'

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
  const shown = shownText(tool, storable)
  const cut = headTail(shown, caps[tool] ?? usual)
  if (!cut.isCut) return { output: cut.text, blob: null }
  return { output: cut.text, blob: await blobs.put(new TextEncoder().encode(storable)) }
}

/**
 * A file is shown as it is, because edits must match it, except for characters that hide or turn text, which are written out;
 * everything else without sequences and hidden characters.
 */
function shownText(tool: string, output: string): string {
  if (tool === 'read_file') {
    const { text, count } = revealHidden(output)
    return count === 0 ? text : `[${count} hidden characters are written out as \\u{…} here; change such lines with bash.]\n${text}`
  }
  const cleaned = cleanOutput(output)
  const notice = removalNotice(cleaned.removed)
  return notice === null ? cleaned.text : `${notice}\n${cleaned.text}`
}
