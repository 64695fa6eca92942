// Tasks that stand in Notion: looked at, started, and connected as a queue.

import { z } from 'zod'
import { defineRoute } from './route.ts'
import { createSessionBody } from './session-routes.ts'
import { sessionParams } from './session-schemas.ts'

const notionId = z
  .string()
  .trim()
  .max(64)
  .regex(/^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$/, 'is no id of Notion: 32 digits, with or without dashes')
const pageParams = z.object({ page_id: notionId })

const taskSchema = z.object({
  id: z.string(),
  title: z.string(),
  status: z.string().nullable(),
  assignee: z.string().nullable(),
  url: z.string(),
  lastEditedAt: z.string(),
  sessionId: z.string().nullable().meta({ description: 'The person’s newest session that began from this page' }),
})

export const listNotionDatabases = defineRoute({
  id: 'listNotionDatabases',
  method: 'GET',
  path: '/api/notion/databases',
  tag: 'notion',
  summary: 'Databases that the person’s account sees, all pages of results',
  status: 200,
  answer: z.object({
    databases: z.array(
      z.object({
        id: z.string().meta({ description: 'Of the data source; `database_id` takes it' }),
        databaseId: z.string().nullable(),
        title: z.string(),
        url: z.string(),
        isQueue: z.boolean().meta({ description: 'Its pages start sessions by their status' }),
        problem: z.string().nullable(),
        properties: z.array(
          z.object({ id: z.string(), name: z.string(), fits: z.array(z.string()).meta({ description: 'What the field can stand for' }) }),
        ),
      }),
    ),
    isComplete: z.boolean(),
  }),
})

export const listNotionTasks = defineRoute({
  id: 'listNotionTasks',
  method: 'GET',
  path: '/api/notion/tasks',
  tag: 'notion',
  summary: 'The tasks of a database, ready ones first and done ones last, else the latest edited first; all pages of results',
  query: z.object({ database_id: notionId }),
  status: 200,
  answer: z.object({ tasks: z.array(taskSchema), isComplete: z.boolean() }),
})

export const showNotionTask = defineRoute({
  id: 'showNotionTask',
  method: 'GET',
  path: '/api/notion/tasks/:page_id',
  tag: 'notion',
  summary: 'A page with its whole content as Markdown',
  params: pageParams,
  status: 200,
  answer: taskSchema.extend({
    dataSourceId: z.string().nullable(),
    isGone: z.boolean().meta({ description: 'Archived or in the trash' }),
    markdown: z.string(),
    isCut: z.boolean().meta({ description: 'The page is deeper or longer than what is read' }),
  }),
})

export const startNotionTask = defineRoute({
  id: 'startNotionTask',
  method: 'POST',
  path: '/api/notion/tasks/:page_id/start',
  tag: 'notion',
  summary: 'Start a session from a page; what happens to it is written back to the page',
  params: pageParams,
  body: createSessionBody.omit({ title: true, fallback: true }).partial(),
  status: 201,
  answer: z.object({ sessionId: z.string(), isNew: z.boolean().meta({ description: 'false: the page had a session already' }) }),
})

const label = z.string().trim().min(1).max(100)
const settings = {
  statuses: z
    .strictObject({ ready: label, inProgress: label, inReview: label, blocked: label, done: label })
    .partial()
    .default({})
    .meta({ description: 'What the states are called; left out: Ready, In Progress, In Review, Blocked, Done' }),
  defaults: createSessionBody
    .pick({ repository: true, base: true, model: true, autonomy: true, checks: true, budgetUsd: true })
    .partial()
    .default({})
    .meta({ description: 'For pages that do not say so themselves' }),
  allowedPeople: z.array(notionId).max(200).default([]).meta({ description: 'Whose comments count besides those who are assigned' }),
  isQueue: z.boolean().default(true),
}
const propertyId = z.string().min(1).max(200).nullable()

const connectionSchema = z.object({
  dataSourceId: z.string(),
  databaseId: z.string(),
  title: z.string(),
  fields: z.record(z.string(), z.object({ id: z.string(), type: z.string() }).nullable()),
  statuses: z.record(z.string(), z.string()),
  defaults: z.record(z.string(), z.unknown()),
  allowedPeople: z.array(z.string()),
  isQueue: z.boolean(),
  lookedAt: z.string().nullable(),
  problem: z.string().nullable().meta({ description: 'Why the last look failed' }),
})

export const listNotionConnections = defineRoute({
  id: 'listNotionConnections',
  method: 'GET',
  path: '/notion/connections',
  tag: 'notion',
  summary: 'Databases that the person has connected, with the meaning of their fields',
  status: 200,
  answer: z.object({ connections: z.array(connectionSchema) }),
})

export const connectNotionDatabase = defineRoute({
  id: 'connectNotionDatabase',
  method: 'POST',
  path: '/notion/connections',
  tag: 'notion',
  summary: 'Connect a database: fields are found or named by id, missing states are added or asked for',
  body: z.strictObject({
    databaseId: notionId,
    fields: z
      .strictObject({
        status: propertyId,
        assignee: propertyId,
        repository: propertyId,
        changeRequest: propertyId,
        deployment: propertyId,
        cost: propertyId,
        summary: propertyId,
      })
      .partial()
      .default({}),
    ...settings,
    addMissing: z.boolean().default(false).meta({ description: 'Whether missing fields and options may be added to the database' }),
  }),
  status: 201,
  answer: connectionSchema,
})

export const createNotionDatabases = defineRoute({
  id: 'createNotionDatabases',
  method: 'POST',
  path: '/notion/databases',
  tag: 'notion',
  summary: 'Make databases for tasks and routines below a page, and connect that of the tasks',
  body: z.strictObject({ parentPageId: notionId, ...settings }),
  status: 201,
  answer: z.object({ connection: connectionSchema, routinesUrl: z.string() }),
})

export const disconnectNotionDatabase = defineRoute({
  id: 'disconnectNotionDatabase',
  method: 'DELETE',
  path: '/notion/connections/:id',
  tag: 'notion',
  summary: 'Disconnect a database; its sessions stay, and nothing more is written to its pages',
  params: z.object({ id: notionId }),
  status: 200,
  answer: z.object({ disconnected: z.boolean() }),
})

export const sessionNotionPage = defineRoute({
  id: 'sessionNotionPage',
  method: 'GET',
  path: '/sessions/:id/notion',
  tag: 'notion',
  summary: 'The page that a session came from, and what it was told',
  params: sessionParams,
  status: 200,
  answer: z.object({
    page: z
      .object({
        pageId: z.string(),
        title: z.string(),
        url: z.string(),
        status: z.string().nullable().meta({ description: 'As it was last written to the page' }),
        writtenAt: z.string().nullable(),
        problem: z.string().nullable().meta({ description: 'Why the page is not up to date' }),
      })
      .nullable(),
  }),
})
