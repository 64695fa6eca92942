// The board, for people and, over the Model Context Protocol, for their tools.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { portsFor } from '../auth/ports-for.ts'
import type { Person } from '../auth/person.ts'
import { type NotionPages, openNotionPages } from '../board/notion-pages.ts'
import { readBoard, type Board } from '../board/read-board.ts'
import * as contract from '../contract/board-routes.ts'
import { API_PREFIX } from '../contract/route.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { NotionAccess } from '../notion/notion-access.ts'
import { repositoryOf } from '../plans/repository-files.ts'
import type { Runtime } from '../runtime.ts'
import { handle } from './handle.ts'
import { personOf } from './guard.ts'

interface BoardNeeds {
  runtime: Runtime
  notion: NotionAccess
  version: string
}

export function addBoardRoutes(app: FastifyInstance, { runtime, notion, version }: BoardNeeds): void {
  const notionPages = openNotionPages({ access: notion, clock: runtime.ports.clock })
  const boardOf = (person: Person, repository: string) => readBoardOf(runtime, { person, repository, notionPages })
  handle(app, contract.showBoard, ({ query, person }) => boardOf(person, query.repository))

  // A stream for what the server wants to say by itself, and the end of a session of the protocol: neither is here, and this is how it says so.
  app.route({
    method: ['GET', 'DELETE'],
    url: `${API_PREFIX}/mcp`,
    config: { who: 'signed-in' },
    handler(_, reply) {
      void reply.header('allow', 'POST')
      throw new SlipwayError(
        'method-not-allowed',
        'Boards over the Model Context Protocol are asked for by POST only, one answer to each request.',
      )
    },
  })

  app.route({
    method: 'POST',
    url: `${API_PREFIX}/mcp`,
    // Every request of the protocol is a POST; none of these changes anything.
    config: { who: 'signed-in' },
    async handler(request, reply) {
      const { answerMcp } = await import('../board/mcp-server.ts')
      const person = personOf(request)
      reply.hijack()
      // A JSON answer and no session of the protocol's own: nothing is kept between requests.
      await answerMcp({
        request: request.raw as IncomingMessage,
        response: reply.raw as ServerResponse,
        body: request.body,
        version,
        read: {
          store: runtime.store.as(person.ownerId),
          ownerId: person.ownerId,
          board: (repository) => boardOf(person, repository),
        },
      })
    },
  })
}

interface Asked {
  person: Person
  repository: string
  notionPages: NotionPages
}

function readBoardOf(runtime: Runtime, { person, repository, notionPages }: Asked): Promise<Board> {
  const { ownerId } = person
  const { repositories } = portsFor(runtime, person)
  const addressOf = (named: string): string => {
    const found = repositoryOf({ repository: named, base: null }, ownerId, runtime.settings)
    return found.ok ? found.repository.url : named
  }
  return readBoard({ store: runtime.store.as(ownerId), repositories, ownerId, repository, addressOf, notionPages })
}
