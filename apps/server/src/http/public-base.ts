import type { FastifyRequest } from 'fastify'

/** The address at which whoever asks reaches this server. */
export function publicBase({ headers }: Pick<FastifyRequest, 'headers'>, publicUrl: URL | null): string {
  const host = headers.host?.toLowerCase() ?? ''
  return publicUrl?.host === host ? publicUrl.origin : `http://${host}`
}
