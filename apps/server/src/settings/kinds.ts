// How one variable's text becomes a value. Messages complete the sentence "NAME …" and end with what to type.

import type { Secret } from '@slipway/core/secret'
import { makeSecret } from '@slipway/core/secret'
import { readMailServer } from '@slipway/connectors/mail/mail-server'
import { createPrivateKey } from 'node:crypto'
import { isIP } from 'node:net'
import { delimiter, isAbsolute } from 'node:path'
import { z } from 'zod'

const MICROS_PER_DOLLAR = 1_000_000

export const text = z.string()

export const secret = z.string().transform((value): Secret => makeSecret(value))

const shortestKey = 32

/** The present key, and after it those that were used before. */
export const secretKeys = z
  .string()
  .transform((value) => value.split(',').map((key) => key.trim()))
  .refine(
    (keys) => keys.every((key) => key.length >= shortestKey),
    `must have ${shortestKey} characters or more, such as those of \`openssl rand -base64 32\`; several are separated by commas`,
  )
  .transform((keys) => keys.map(makeSecret))

const keyAdvice = 'must be a private key as in a .pem file, which begins with -----BEGIN'

/** RSA, as GitHub makes them. */
export const privateKey = z
  .string()
  .transform((value) => (value.includes('-----BEGIN') ? value.replaceAll('\\n', '\n') : Buffer.from(value, 'base64').toString('utf8')))
  .refine(isPrivateKey, keyAdvice)
  .transform((value): Secret => makeSecret(value))

function isPrivateKey(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}

/** Who may sign in without an invitation. */
export const signUp = z
  .string()
  .toLowerCase()
  .refine(
    (value) => value === 'open' || value === 'invited' || splitList(value).every((domain) => /^([a-z0-9-]+\.)+[a-z0-9-]+$/.test(domain)),
    'must be open, invited, or mail domains separated by commas, such as example.org,example.com',
  )
  .transform((value) => {
    if (value === 'open' || value === 'invited') return { kind: value } as { kind: 'open' } | { kind: 'invited' }
    return { kind: 'domains' as const, domains: splitList(value) }
  })

export function oneOf<const Values extends readonly [string, ...string[]]>(...values: Values) {
  return z.enum(values, { error: () => `must be one of ${values.join(', ')}` })
}

export const flag = oneOf('0', '1').transform((value) => value === '1')

export function wholeNumber(range: { min: number; max: number }) {
  const error = `must be a whole number from ${range.min} to ${range.max}`
  return z
    .string()
    .regex(/^\d{1,12}$/, error)
    .transform(Number)
    .refine((value) => value >= range.min && value <= range.max, error)
}

/** Dollars with at most six decimals, as integer micro-dollars: no floating point touches money. */
export const dollars = z
  .string()
  .regex(/^\d{1,7}(\.\d{1,6})?$/, 'must be an amount in US dollars such as 5 or 0.50')
  .transform((value) => {
    const [whole, fraction = ''] = value.split('.')
    return Number(whole) * MICROS_PER_DOLLAR + Number(fraction.padEnd(6, '0'))
  })

/** An http(s) address without credentials, returned without a slash at its end. */
export const webAddress = z.string().superRefine(checkWebAddress).transform(withoutSlash)

/** One that tokens are sent to: http shows them to everybody on the way, so it is for this machine only. */
export const serviceAddress = z
  .string()
  .superRefine(checkWebAddress)
  .refine((value) => !value.startsWith('http:') || isThisMachine(value), 'must start with https://; http would show tokens on the way')
  .transform(withoutSlash)

/** A web address with `*` in place of the first part of its host name. Plain http stays on the machine of the browser. */
export const wildcardAddress = z
  .string()
  .toLowerCase()
  .regex(
    /^(https:\/\/\*(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?){2,}|http:\/\/\*(\.[a-z0-9-]+)*\.localhost)(:\d{1,5})?\/?$/,
    'must be a wildcard address such as https://*.preview.example.net, or http://*.localhost:3001 for browsers on this machine',
  )
  .transform(withoutSlash)

export const databaseAddress = z
  .string()
  .refine((value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value), 'must look like postgres://user:password@host:5432/database')
  .transform((value): Secret => makeSecret(value))

export const mailServer = z.string().transform((value, context) => {
  const read = readMailServer(value)
  if (read.ok) return read.server
  context.addIssue({ code: 'custom', message: read.message })
  return z.NEVER
})

/** `Name <address>` or an address alone. */
export const mailSender = z
  .string()
  .max(320, 'must be an address of at most 320 characters, such as slipway@example.org')
  .refine(
    (value) => /^(?:[^<>@\r\n]*<)?[^\s<>@]+@[^\s<>@]+\.?[^\s<>@]*>?$/.test(value) && value.includes('<') === value.includes('>'),
    'must be an address such as slipway@example.org or Slipway <slipway@example.org>',
  )

export const dockerAddress = z.string().regex(/^unix:\/\/\/.+/, 'must name a local socket such as unix:///var/run/docker.sock')

export const modelName = z
  .string()
  .regex(
    /^(anthropic|openai|openai-compatible|google|ollama|scripted)\/\S+$/,
    'must be provider/model with one of the providers anthropic, openai, openai-compatible, google, ollama, scripted, such as ollama/qwen3',
  )

/** Host names, `*.` in front for everything below one, with a port where it is neither 443 nor 80. */
export const hostPatterns = z
  .string()
  .transform(splitList)
  .refine(
    (hosts) => hosts.every((host) => /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?(:\d{1,5})?$/.test(host)),
    'must be host names separated by commas, such as registry.example.org,*.example.com:8443',
  )

/** `host:port`, where the host is a name or an IPv4 address. */
export const hostPorts = z
  .string()
  .transform(splitList)
  .refine(
    (pairs) => pairs.every((pair) => /^[a-z0-9.-]+:\d{1,5}$/.test(pair)),
    'must be host:port pairs separated by commas, such as registry.local:5000',
  )

/** IP addresses and networks. */
export const networks = z
  .string()
  .transform(splitList)
  .refine((items) => items.every(isNetwork), 'must be IP addresses or networks separated by commas, such as 10.0.0.5,192.168.0.0/16')

function isNetwork(item: string): boolean {
  const [address = '', bits, ...more] = item.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

/** Absolute folders, separated as in PATH. */
export const folders = z
  .string()
  .transform((value) => value.split(delimiter).filter((item) => item !== ''))
  .refine((paths) => paths.every((path) => isAbsolute(path)), `must be absolute folders separated by ${delimiter}, such as /srv/git`)

function splitList(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '')
}

function checkWebAddress(value: string, context: z.core.$RefinementCtx<string>) {
  const issue = (message: string) => context.addIssue({ code: 'custom', message })
  const url = URL.parse(value)
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return issue('must be an address such as https://host.example.org or http://127.0.0.1:8080')
  if (url.username !== '' || url.password !== '')
    return issue('must not contain a user name or password; put the key into its own variable')
  if (url.search !== '' || url.hash !== '') return issue('must not contain a query or a fragment; cut it after the path')
}

function isThisMachine(value: string): boolean {
  const hostname = URL.parse(value)?.hostname ?? ''
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function withoutSlash(value: string): string {
  return value.replace(/\/+$/, '')
}
