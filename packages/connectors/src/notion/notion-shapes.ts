// The few fields that are read from Notion's answers, checked where they come in. Unknown types of blocks and properties pass.

import * as z from 'zod'

const personShape = z.object({ id: z.string(), name: z.string().nullish() })

export const richTextShape = z.array(
  z.object({
    type: z.string(),
    plain_text: z.string().default(''),
    href: z.string().nullish(),
    annotations: z.object({ bold: z.boolean(), italic: z.boolean(), strikethrough: z.boolean(), code: z.boolean() }).partial().optional(),
    equation: z.object({ expression: z.string() }).optional(),
    mention: z.looseObject({ type: z.string() }).optional(),
  }),
)
export type NotionRichText = z.output<typeof richTextShape>

export function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .object({
      results: z.array(item),
      has_more: z.boolean(),
      next_cursor: z.string().nullable(),
      request_status: z.looseObject({ type: z.string() }).optional(),
    })
    .transform((list) => ({
      results: list.results,
      nextCursor: list.has_more ? list.next_cursor : null,
      /** Notion stops counting at its own limit and says so. */
      isComplete: list.request_status?.type !== 'incomplete',
    }))
}

const optionShape = z.object({ id: z.string(), name: z.string() })
export type NotionOption = z.output<typeof optionShape>

const schemaPropertyShape = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  select: z
    .object({ options: z.array(optionShape).default([]) })
    .optional()
    .catch(undefined),
  status: z
    .object({ options: z.array(optionShape).default([]) })
    .optional()
    .catch(undefined),
})

const parentShape = z.looseObject({
  type: z.string(),
  page_id: z.string().optional(),
  database_id: z.string().optional(),
  data_source_id: z.string().optional(),
})

export const dataSourceShape = z
  .object({
    id: z.string(),
    title: richTextShape.default([]),
    properties: z.record(z.string(), schemaPropertyShape),
    parent: parentShape.optional(),
    url: z.string().default(''),
    in_trash: z.boolean().default(false),
    archived: z.boolean().default(false),
  })
  .transform((value) => ({
    id: value.id,
    databaseId: value.parent?.database_id ?? null,
    title: plainText(value.title),
    url: value.url,
    isGone: value.in_trash || value.archived,
    properties: Object.values(value.properties).map(({ id, name, type, select, status }) => ({
      id,
      name,
      type,
      /** null where the type has no options. */
      options: type === 'status' ? (status?.options ?? []) : type === 'select' ? (select?.options ?? []) : null,
    })),
  }))
export type NotionDataSource = z.output<typeof dataSourceShape>
export type NotionProperty = NotionDataSource['properties'][number]

export const databaseShape = z
  .object({
    id: z.string(),
    title: richTextShape.default([]),
    url: z.string().default(''),
    in_trash: z.boolean().default(false),
    data_sources: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .transform((value) => ({
    id: value.id,
    title: plainText(value.title),
    url: value.url,
    isGone: value.in_trash,
    dataSources: value.data_sources,
  }))
export type NotionDatabase = z.output<typeof databaseShape>

/** One value of a page; which of the fields is set depends on the type. */
const propertyValueShape = z.looseObject({ id: z.string(), type: z.string() })
export type NotionValue = z.output<typeof propertyValueShape>

export const pageShape = z
  .object({
    id: z.string(),
    url: z.string(),
    created_time: z.string(),
    last_edited_time: z.string(),
    in_trash: z.boolean().default(false),
    archived: z.boolean().default(false),
    is_archived: z.boolean().default(false),
    parent: parentShape.optional(),
    properties: z.record(z.string(), propertyValueShape),
  })
  .transform((value) => ({
    id: value.id,
    url: value.url,
    createdAt: value.created_time,
    lastEditedAt: value.last_edited_time,
    /** In the trash or archived; it can be read and not written. */
    isGone: value.in_trash || value.archived || value.is_archived,
    dataSourceId: value.parent?.data_source_id ?? null,
    properties: Object.entries(value.properties).map(([name, property]): NotionValue & { name: string } => ({ ...property, name })),
  }))
export type NotionPage = z.output<typeof pageShape>

export const blockShape = z.looseObject({ id: z.string(), type: z.string(), has_children: z.boolean().default(false) })
export type NotionBlock = z.output<typeof blockShape>

export const commentShape = z
  .object({
    id: z.string(),
    discussion_id: z.string(),
    created_time: z.string(),
    created_by: personShape,
    rich_text: richTextShape,
  })
  .transform((value) => ({
    id: value.id,
    discussionId: value.discussion_id,
    createdAt: value.created_time,
    authorId: value.created_by.id,
    text: plainText(value.rich_text),
  }))
export type NotionComment = z.output<typeof commentShape>

/** What the token is: a bot with an owner. */
export const selfShape = z
  .object({
    id: z.string(),
    name: z.string().nullish(),
    bot: z
      .looseObject({
        workspace_id: z.string().optional(),
        workspace_name: z.string().nullish(),
        owner: z.looseObject({ type: z.string(), user: z.object({ id: z.string() }).optional() }).optional(),
      })
      .optional(),
  })
  .transform((value) => ({
    botId: value.id,
    name: value.name ?? 'Notion',
    workspaceId: value.bot?.workspace_id ?? null,
    workspaceName: value.bot?.workspace_name ?? null,
    /** The person who connected; null for an integration of the workspace. */
    ownerUserId: value.bot?.owner?.user?.id ?? null,
  }))
export type NotionSelf = z.output<typeof selfShape>

/** One value, or a page of the items of a long one. */
export const propertyItemShape = z.union([
  z.looseObject({
    object: z.literal('list'),
    results: z.array(z.looseObject({ type: z.string() })),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
  z.looseObject({ object: z.literal('property_item'), type: z.string() }),
])

export function plainText(parts: NotionRichText): string {
  return parts.map((part) => part.plain_text).join('')
}
