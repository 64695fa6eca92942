// Binds a route's contract to what answers it: requests are checked and answers stripped by the contract's schemas.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Person } from '../auth/person.ts'
import { type RouteContract, type Schema, wholePath, whoMayCall } from '../contract/route.ts'
import { explainIssue } from './explain-issue.ts'
import { personOf } from './guard.ts'

type Parsed<Contract, Part extends string> = Contract extends Record<Part, infer Found extends Schema> ? z.infer<Found> : undefined

export interface Call<Contract extends RouteContract> {
  params: Parsed<Contract, 'params'>
  query: Parsed<Contract, 'query'>
  body: Parsed<Contract, 'body'>
  /** Who asks, as the guard has found. A route for everybody has none. */
  person: Contract extends { who: 'everybody' } ? null : Person
  request: FastifyRequest
  reply: FastifyReply
}

/** Adds the route. What the handler returns is checked against the contract; an answer that does not fit is a bug and answers 500. */
export function handle<Contract extends RouteContract>(
  app: FastifyInstance,
  contract: Contract,
  handler: (call: Call<Contract>) => Promise<z.input<Contract['answer']>>,
): void {
  const schema = {
    ...(contract.params ? { params: contract.params } : {}),
    ...(contract.query ? { querystring: contract.query } : {}),
    ...(contract.body ? { body: contract.body } : {}),
    ...(contract.headers ? { headers: contract.headers } : {}),
    ...(contract.mediaTypes ? {} : { response: { [contract.status]: contract.answer } }),
  }
  app.route({
    method: contract.method,
    url: wholePath(contract.path),
    config: { who: whoMayCall(contract) },
    schema,
    handler: async (request, reply) => {
      reply.code(contract.status)
      // The schemas above have parsed these already; the cast only names the result.
      const call = {
        params: request.params,
        query: request.query,
        body: request.body,
        person: contract.who === 'everybody' ? null : personOf(request),
        request,
        reply,
      } as Call<Contract>
      return handler(call)
    },
  })
}

/** Lets fastify use zod schemas for requests and answers. */
export function useZod(app: FastifyInstance): void {
  app.setValidatorCompiler(({ schema }) => (data: unknown) => {
    const result = (schema as unknown as Schema).safeParse(data)
    return result.success ? { value: result.data } : { error: new Error(firstIssue(result.error)) }
  })
  app.setSerializerCompiler(
    ({ schema }) =>
      (data: unknown) =>
        JSON.stringify((schema as unknown as Schema).parse(data)),
  )
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues
  return issue === undefined ? 'is not valid' : explainIssue(issue)
}
