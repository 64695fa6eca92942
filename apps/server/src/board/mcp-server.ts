// Boards as resources of the Model Context Protocol (streamable HTTP, without sessions), for reading only.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Queryable } from '@slipway/store/person-store'
import { recentRepositories } from '@slipway/store/session-cards'
import type { Board } from './read-board.ts'

const MOST_REPOSITORIES = 100

export interface McpInput {
  request: IncomingMessage
  response: ServerResponse
  /** Parsed already; undefined where the request has none. */
  body: unknown
  version: string
  read: {
    /** Shows the person's rows only. */
    store: Queryable
    ownerId: string
    board(repository: string): Promise<Board>
  }
}

/** Answers one request and lets go of everything. */
export async function answerMcp({ request, response, body, version, read }: McpInput): Promise<void> {
  const server = new McpServer({ name: 'slipway', version })
  const template = new ResourceTemplate('slipway://board/{repository}', {
    async list() {
      const repositories = await recentRepositories(read.store, { ownerId: read.ownerId, limit: MOST_REPOSITORIES })
      return {
        resources: repositories.map(({ repositoryUrl }) => ({
          uri: `slipway://board/${encodeURIComponent(repositoryUrl)}`,
          name: `Board of ${repositoryUrl}`,
          mimeType: 'application/json',
        })),
      }
    },
  })
  server.registerResource(
    'board',
    template,
    {
      title: 'Board',
      description: 'Features and tasks of a repository, what they need and how far they are',
      mimeType: 'application/json',
    },
    async (uri, { repository }) => {
      const board = await read.board(decodeURIComponent(String(repository)))
      return { contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify(board) }] }
    },
  )
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
  response.on('close', () => void server.close())
  await server.connect(transport as Parameters<McpServer['connect']>[0])
  await transport.handleRequest(request, response, body)
}
