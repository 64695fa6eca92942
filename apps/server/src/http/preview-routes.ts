// What answers the contract's part about previews. The previews themselves are served elsewhere, on an origin of their own.

import type { FastifyInstance } from 'fastify'
import type { AccessWatch } from '../auth/access-watch.ts'
import { safePath } from '../auth/safe-path.ts'
import * as contract from '../contract/preview-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Previews } from '../preview/previews.ts'
import type { Runtime } from '../runtime.ts'
import { handle } from './handle.ts'
import { ownRow } from './session-routes.ts'

export function addPreviewRoutes(app: FastifyInstance, runtime: Runtime, parts: { previews: Previews; watch: AccessWatch }): void {
  const { previews, watch } = parts

  handle(app, contract.showPreviews, async ({ params, person }) => {
    await ownRow(runtime, person, params.id)
    return previews.show(params.id)
  })

  handle(app, contract.openPreview, async ({ params, body, person, request }) => {
    await ownRow(runtime, person, params.id)
    const path = safePath(body.path)
    if (path === null) throw new SlipwayError('usage', 'path: must begin with one / and hold no space, backslash or control character')
    const { credential } = request
    // The guard has seen to it that an Origin, where there is one, is ours.
    const of = { sessionId: params.id, ownerId: person.ownerId, port: body.port, framedBy: request.headers.origin ?? null, path }
    return previews.open(of, (end) => (credential === null ? () => undefined : watch.watch(credential, end)))
  })

  handle(app, contract.startPreview, async ({ params, body, person, request }) => {
    await ownRow(runtime, person, params.id)
    request.log.info({ sessionId: params.id }, 'preview started')
    const plan = body.command === undefined ? null : { command: body.command, port: body.port ?? null }
    return previews.start({ sessionId: params.id, ownerId: person.ownerId, plan })
  })

  handle(app, contract.stopPreview, async ({ params, person }) => {
    await ownRow(runtime, person, params.id)
    return previews.stop(params.id)
  })
}
