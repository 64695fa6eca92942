// Where other services deliver what happened there. Checked on the raw bytes, stored, answered; what it means is somebody else's work.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Secret } from '@slipway/core/secret'
import { createDeliveries, type DeliveryProvider } from '@slipway/store/deliveries'
import { z } from 'zod'
import * as contract from '../contract/webhook-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Runtime } from '../runtime.ts'
import type { Settings } from '../settings.ts'
import { checkDelivery, notionToken } from '../webhooks/check-delivery.ts'
import { handle } from './handle.ts'
import { publicBase } from './public-base.ts'

/** What we act on is far smaller; GitHub would send up to 25 MB. */
const LARGEST_BYTES = 5_000_000
const PER_MINUTE = 1_200

const providers = z.enum(['github', 'gitlab', 'notion', 'vercel'])
const SETTING: Record<DeliveryProvider, string> = {
  github: 'GITHUB_APP_WEBHOOK_SECRET',
  gitlab: 'GITLAB_WEBHOOK_SECRET',
  notion: 'NOTION_WEBHOOK_SECRET',
  vercel: 'VERCEL_WEBHOOK_SECRET',
}

/** Those that make the secret themselves, when a webhook is made there. */
const MAKES_SECRET = new Set<DeliveryProvider>(['notion', 'vercel'])

export interface WebhookRoutes {
  runtime: Runtime
  publicUrl: URL | null
  /** Told of each new delivery after it is stored. */
  onDelivery(): void
}

export function addWebhookRoutes(app: FastifyInstance, { runtime, publicUrl, onDelivery }: WebhookRoutes): void {
  const deliveries = createDeliveries(runtime.store.database.pool)

  handle(app, contract.showWebhooks, async ({ request }) => ({
    webhooks: providers.options.map((provider) => ({
      provider,
      label: runtime.accountParts.providers[provider].label,
      address: `${publicBase(request, publicUrl)}/api/webhooks/${provider}`,
      setting: SETTING[provider],
      isSet: secretOf(runtime.settings, provider) !== null,
      makesSecret: MAKES_SECRET.has(provider),
    })),
  }))

  async function take(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const provider = providerOf(request)
    const body = request.body as Buffer // by the parser below
    const secret = secretOf(runtime.settings, provider)
    if (provider === 'notion' && secret === null) return keepNotionToken(runtime, body)
    if (secret === null) {
      runtime.logger.warn({ provider }, `a webhook was delivered and refused: set ${SETTING[provider]} to its secret`)
      throw new SlipwayError('not-ready', 'Deliveries of this kind are not set up here.')
    }
    if (provider === 'notion' && notionToken(body) === secret.reveal()) return { accepted: true }
    const { headers } = request
    const checked = checkDelivery({ provider, headers, body, nowMs: runtime.ports.clock.now() }, secret)
    if (!checked.ok) {
      runtime.logger.warn({ provider }, `a webhook was delivered and refused: ${checked.reason}`)
      throw new SlipwayError('unauthorized', 'The delivery does not prove where it comes from.')
    }
    const isNew = await deliveries.accept({ provider, id: checked.id, event: checked.event, body: body.toString('utf8') })
    if (!isNew) throw new SlipwayError('conflict', 'This delivery was taken before. Nothing was done again.')
    onDelivery()
    reply.code(202)
    return { accepted: true }
  }

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.route({
      method: 'POST',
      url: '/api/webhooks/:provider',
      bodyLimit: LARGEST_BYTES,
      config: { who: 'everybody', isForServers: true, rateLimit: { max: PER_MINUTE, timeWindow: 60_000 } },
      preParsing: async (request, _reply, payload) => {
        providerOf(request)
        return payload
      },
      errorHandler: (error) => {
        throw (error as { statusCode?: number }).statusCode === 413 && !(error instanceof SlipwayError) ? tooLarge : error
      },
      handler: take,
    })
  })
}

const tooLarge = new SlipwayError('too-large', 'The delivery is larger than 5 MB, which is the limit here.')

function providerOf(request: FastifyRequest): DeliveryProvider {
  const parsed = providers.safeParse((request.params as { provider?: string }).provider)
  if (!parsed.success) throw new SlipwayError('not-found', 'Nobody delivers here.')
  return parsed.data
}

function secretOf(settings: Settings, provider: DeliveryProvider): Secret | null {
  return settings[provider].webhookSecret
}

/** Everybody can send one while none is set; it is the operator who compares it with what Notion shows. */
async function keepNotionToken({ settings, logger }: Runtime, body: Buffer): Promise<unknown> {
  const token = notionToken(body)
  if (token === null) {
    logger.warn({ provider: 'notion' }, `a webhook was delivered and refused: set ${SETTING.notion} to its verification token`)
    throw new SlipwayError('not-ready', 'Deliveries of this kind are not set up here.')
  }
  const path = join(settings.home, 'notion-verification-token')
  await writeFile(path, `${token}\n`, { mode: 0o600 })
  logger.info({ path }, `Notion sent its verification token. Enter it in Notion, set ${SETTING.notion} to it, and start again`)
  return { accepted: true }
}
