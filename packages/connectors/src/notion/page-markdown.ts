// A whole page as Markdown.

import { blocksToMarkdown, longestMarkdown } from './blocks-to-markdown.ts'
import type { NotionClient } from './notion-client.ts'
import type { NotionFailure } from './notion-failure.ts'
import { blockLimits, type BlockLimits, readBlocks } from './read-blocks.ts'

/** The content below the title. `isCut`: the page is deeper or longer than the limits. */
export async function readPageMarkdown(
  client: Pick<NotionClient, 'listChildren'>,
  pageId: string,
  signal: AbortSignal,
  limits: BlockLimits & { characters: number } = { ...blockLimits, characters: longestMarkdown },
): Promise<{ ok: true; markdown: string; isCut: boolean } | NotionFailure> {
  const read = await readBlocks(client, pageId, signal, limits)
  if (!read.ok) return read
  const markdown = blocksToMarkdown(read.blocks, limits.characters)
  return { ok: true, markdown, isCut: read.isCut || markdown.length > limits.characters }
}
