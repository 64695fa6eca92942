// A picture from elsewhere, fetched without telling anybody who looks at it: small, an image by its bytes, and from the public
// internet alone. The servers that an administrator has set may lie in a network of one's own.

import { lookup } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from '@slipway/sandbox/egress/address'

export interface Image {
  type: string
  bytes: Buffer
}

export interface ImageLimits {
  /** `host:port` of addresses that are fetched wherever they lead, as `URL.host` writes them. */
  trustedHosts: ReadonlySet<string>
  timeoutMs?: number
}

const largestBytes = 512_000
const mostRedirects = 2
const kinds: [type: string, begins: RegExp][] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/],
]

/** null: it is no such picture, too large, elsewhere, or not to be had now. Nothing of the person is sent along. */
export async function fetchImage(address: string, limits: ImageLimits): Promise<Image | null> {
  const signal = AbortSignal.timeout(limits.timeoutMs ?? 5_000)
  let next: string | null = address
  for (let redirects = 0; next !== null && redirects <= mostRedirects; redirects++) {
    const answer: Answer | null = await get(next, limits, signal).catch(() => null)
    if (answer === null) return null
    if ('bytes' in answer) return imageOf(answer.bytes)
    next = answer.redirect
  }
  return null
}

type Answer = { bytes: Buffer } | { redirect: string }

function get(address: string, { trustedHosts }: ImageLimits, signal: AbortSignal): Promise<Answer | null> {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || url.username !== '' || url.password !== '') return Promise.resolve(null)
  const isTrusted = trustedHosts.has(url.host)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (!isTrusted && (url.protocol !== 'https:' || url.port !== '' || (isIP(host) !== 0 && !isPublicAddress(host))))
    return Promise.resolve(null)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return Promise.resolve(null)
  const ask = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const headers = { accept: 'image/*', 'user-agent': 'slipway' }
    const request = ask(url, { headers, signal, agent: false, ...(isTrusted ? {} : { lookup: lookupPublic }) }, (response) => {
      const { statusCode = 0 } = response
      const { location } = response.headers
      if ([301, 302, 303, 307, 308].includes(statusCode) && location !== undefined) {
        response.destroy()
        return resolve(URL.canParse(location, url.href) ? { redirect: new URL(location, url).href } : null)
      }
      if (statusCode !== 200) return resolve(null)
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > largestBytes) response.destroy(new Error('it is too large'))
        chunks.push(chunk)
      })
      response.on('end', () => resolve({ bytes: Buffer.concat(chunks) }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end()
  })
}

/** A name that leads into a private network is not followed there; what was looked up is what is dialled. */
const lookupPublic: LookupFunction = (hostname, options, done) =>
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const [first] = found ?? []
    if (error || first === undefined) return done(error ?? new Error('there is no such host'), '')
    if (found.some(({ address }) => !isPublicAddress(address))) return done(new Error('the host is not on the public internet'), '')
    if (options.all) done(null, found)
    else done(null, first.address, first.family)
  })

function imageOf(bytes: Buffer): Image | null {
  const head = bytes.subarray(0, 16).toString('latin1')
  const kind = kinds.find(([, begins]) => begins.test(head))
  return kind === undefined ? null : { type: kind[0], bytes }
}
