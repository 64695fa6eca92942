// The web application from the same port as the API. Its pages are open to everybody: what they show comes from the API.

import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { PageFile, Pages } from './read-pages.ts'

const YEAR_S = 31_536_000
const page = { logLevel: 'warn', config: { who: 'everybody' } } as const

/** Without `pages` every page says how they are made. `frameSource`: what they may show in a frame. */
export async function addPageRoutes(app: FastifyInstance, pages: Pages | null, frameSource: string | null): Promise<void> {
  if (pages === null) {
    app.get('/', page, (_request, reply) => reply.code(503).type('text/plain; charset=utf-8').send(notBuilt))
    return
  }
  await app.register(fastifyStatic, { root: pages.folder, serve: false, preCompressed: true, cacheControl: false, dotfiles: 'deny' })
  app.get('/*', page, (request, reply) => {
    // Not through `URL`, which takes `//x/board` for the board of another server.
    const [pathname = ''] = request.url.split('?')
    const found = pages.find(pathname)
    if (found !== null) return sendPage(reply, found, frameSource)
    return pages.notFound === null ? reply.callNotFound() : sendPage(reply.code(404), pages.notFound, frameSource)
  })
}

const notBuilt = 'The pages of Slipway are not built. Run: node apps/web/build.ts   and start it again. The API works without them.\n'

function sendPage(reply: FastifyReply, file: PageFile, frameSource: string | null): FastifyReply {
  const frames = frameSource === null ? '' : `; frame-src ${frameSource}`
  if (file.policy !== null) reply.header('content-security-policy', file.policy + frames)
  reply.header('cache-control', file.isImmutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache')
  return reply.sendFile(file.path)
}
