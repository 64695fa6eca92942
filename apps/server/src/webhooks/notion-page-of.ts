// Which page a delivery of Notion is about: https://developers.notion.com/reference/webhooks-events-delivery

import { z } from 'zod'

const payloadShape = z.object({
  entity: z.object({ id: z.string(), type: z.string() }),
  data: z.object({ page_id: z.string().optional() }).optional(),
})

/** The page itself, or that of a comment; null: it is about something else. */
export function notionPageOf(text: string): string | null {
  const parsed = payloadShape.safeParse(parse(text))
  if (!parsed.success) return null
  const { entity, data } = parsed.data
  return entity.type === 'page' ? entity.id : entity.type === 'comment' ? (data?.page_id ?? null) : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
