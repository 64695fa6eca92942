// The board, for people and, over the Model Context Protocol, for their tools.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { portsFor } from '../auth/ports-for.ts'
import type { Person } from '../auth/person.ts'
import { readBoard, type Board } from '../board/read-board.ts'
import * as contract from '../contract/board-routes.ts'
import { API_PREFIX } from '../contract/route.ts'
import type { Runtime } from '../runtime.ts'
import { handle } from './handle.ts'
import { personOf } from './guard.ts'

export function addBoardRoutes(app: FastifyInstance, runtime: Runtime, version: string): void {
  handle(app, contract.showBoard, ({ query, person }) => boardOf(runtime, person, query.repository))

  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: `${API_PREFIX}/mcp`,
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
          board: (repository) => boardOf(runtime, person, repository),
        },
      })
    },
  })
}

function boardOf(runtime: Runtime, person: Person, repository: string): Promise<Board> {
  const { repositories } = portsFor(runtime, person)
  return readBoard({ store: runtime.store.as(person.ownerId), repositories, ownerId: person.ownerId, repository })
}
