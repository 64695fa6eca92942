// Whether a delivery comes from whom it says, judged on the bytes as they arrived.
// GitHub: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries · GitLab: Standard Webhooks
// (https://www.standardwebhooks.com) or a token · Notion: https://developers.notion.com/reference/webhooks · Vercel: https://vercel.com/docs/webhooks/webhooks-api

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '@slipway/core/secret'
import type { DeliveryProvider } from '@slipway/store/deliveries'

export interface RawDelivery {
  provider: DeliveryProvider
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  nowMs: number
}

export type CheckedDelivery = { ok: true; id: string; event: string } | { ok: false; reason: string }

/** How far a signed time may be from ours, either way, as Standard Webhooks recommends. */
const windowMs = 300_000
const longestId = 200

/** Genuine deliveries come with the sender's id of them, the same when they are repeated. */
export function checkDelivery(raw: RawDelivery, secret: Secret): CheckedDelivery {
  switch (raw.provider) {
    case 'github':
      return checkGithub(raw, secret)
    case 'gitlab':
      return checkGitlab(raw, secret)
    case 'notion':
      return checkNotion(raw, secret)
    case 'vercel':
      return checkVercel(raw, secret)
  }
}

/** What Notion sends once, unsigned, when a webhook is set up; null: it is something else. */
export function notionToken(body: Buffer): string | null {
  const { verification_token: token } = objectIn(body)
  return typeof token === 'string' && /^[\x21-\x7e]{8,200}$/.test(token) ? token : null
}

function checkGithub({ headers, body }: RawDelivery, secret: Secret): CheckedDelivery {
  if (!isSigned(headerOf(headers, 'x-hub-signature-256'), body, secret)) return refused('the signature X-Hub-Signature-256')
  return named(headerOf(headers, 'x-github-delivery'), headerOf(headers, 'x-github-event'))
}

function checkNotion({ headers, body }: RawDelivery, secret: Secret): CheckedDelivery {
  if (!isSigned(headerOf(headers, 'x-notion-signature'), body, secret)) return refused('the signature X-Notion-Signature')
  const { id, type } = objectIn(body)
  return named(String(id ?? ''), String(type ?? ''))
}

/** SHA-1 is what Vercel signs with; as a code over a secret it still proves where a delivery comes from. */
function checkVercel({ headers, body }: RawDelivery, secret: Secret): CheckedDelivery {
  const wanted = createHmac('sha1', secret.reveal()).update(body).digest('hex')
  if (!isSame(headerOf(headers, 'x-vercel-signature'), wanted)) return refused('the signature x-vercel-signature')
  const { id, type } = objectIn(body)
  return named(typeof id === 'string' ? id : '', typeof type === 'string' ? type : '')
}

/** A token can be read by whoever sees one delivery, a signature not: where a signing token is set, nothing else counts. */
function checkGitlab({ headers, body, nowMs }: RawDelivery, secret: Secret): CheckedDelivery {
  const event = headerOf(headers, 'x-gitlab-event')
  const id = headerOf(headers, 'webhook-id')
  const signatures = headerOf(headers, 'webhook-signature')
  if (signatures !== '' || secret.reveal().startsWith('whsec_')) {
    const at = headerOf(headers, 'webhook-timestamp')
    const signed = Buffer.concat([Buffer.from(`${id}.${at}.`), body])
    const wanted = createHmac('sha256', signingKey(secret)).update(signed).digest('base64')
    const isRight = signatures.split(' ').filter((given) => given.startsWith('v1,') && isSame(given.slice('v1,'.length), wanted)).length > 0
    if (!isRight) return refused('the signature webhook-signature')
    if (!/^\d{1,12}$/.test(at) || Math.abs(nowMs - Number(at) * 1_000) > windowMs) return refused('the time webhook-timestamp')
    return named(id, event)
  }
  if (!isSame(headerOf(headers, 'x-gitlab-token'), secret.reveal())) return refused('the token X-Gitlab-Token')
  // Older servers send no id; then the same bytes are the same delivery.
  const given = headerOf(headers, 'idempotency-key') || headerOf(headers, 'x-gitlab-event-uuid')
  return named(given || createHash('sha256').update(body).digest('hex'), event)
}

function isSigned(header: string, body: Buffer, secret: Secret): boolean {
  return isSame(header, `sha256=${createHmac('sha256', secret.reveal()).update(body).digest('hex')}`)
}

function signingKey(secret: Secret): Buffer {
  const text = secret.reveal()
  return text.startsWith('whsec_') ? Buffer.from(text.slice('whsec_'.length), 'base64') : Buffer.from(text)
}

/** In a time that tells nothing of where they differ, or of how long the right one is. */
function isSame(given: string, wanted: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(wanted))
}

function named(id: string, event: string): CheckedDelivery {
  if (id === '' || id.length > longestId) return refused('the id of the delivery')
  return { ok: true, id, event: event.slice(0, longestId) }
}

function refused(what: string): CheckedDelivery {
  return { ok: false, reason: `${what} is missing or wrong` }
}

function headerOf(headers: RawDelivery['headers'], name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

function objectIn(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return value !== null && typeof value === 'object' ? { ...value } : {}
  } catch {
    return {}
  }
}
