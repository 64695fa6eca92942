// Values that look like secrets and are none: examples, references to a secret kept elsewhere, hashes, names.

import { entropyOf } from './entropy.ts'
import type { SecretRule } from './rules/secret-rule.ts'

const exampleWords =
  /example|sample|dummy|placeholder|change[_-]?me|replace[_-]?me|redacted|your[_-]|my[_-]?(?:secret|token|password|key)|insert[_-]|x{5,}|\*{3,}|\.{3}|0{12,}|1{8,}|a{9,}|fake|mock|notreal|not-a-real|todo|lorem|deadbeef/i
/** A value that is put in later, in the syntax of one language or another. */
const substitutions = /^[$<{]|\$\{|\{\{|<%|%\(|\$\(|:\/\//
/** Where a value is kept, and signs that begin no value. */
const references =
  /^(?:%[A-Z_]+%|#|@|env[:.(]|process\.env|os\.environ|secrets?[.:/]|vault:|op:\/\/|arn:|urn:|ref\+|ssm:|file:|!(?:Ref|Sub|ENV|secret|vault)|--[a-z]|\/|\.{1,2}\/|~\/)/
const commonPasswords = new Set([
  'password',
  'passw0rd',
  'postgres',
  'root',
  'admin',
  'secret',
  'guest',
  'test',
  'user',
  'mysql',
  'mongo',
  'redis',
  'pass',
  'pwd',
  'changeme',
  'rabbitmq',
  'example',
  'default',
  'docker',
  'dev',
  'development',
  'local',
  'localhost',
  'foo',
  'bar',
  'foobar',
  'hunter2',
  'token',
  'key',
  'pg',
  'sa',
  'minioadmin',
  'postgrespassword',
  'mypassword',
  'password123',
  'secretpassword',
  'testpassword',
  'username',
  'string',
  'test123',
  'admin123',
])
/** Names whose values are public although they hold one of the secret words. */
const publicNames =
  /public|pubkey|hash|digest|checksum|sha\d|md5|integrity|etag|fingerprint|_id$|keyid|url|uri|endpoint|path|file|dir|name|prefix|suffix|header|field|type|kind|label|regex|pattern|format|length|limit|count|max|(?<!ad)min|size|budget|ttl|expir|algorithm|storage|selector|placeholder|description|message|title|icon|color|class|style|component|hint|schema|policy|scope|audience|issuer|count|tokeni[sz]|bucket/i

/** Whether the value of a finding is no secret. `name` is the text before the match, for generic rules. */
export function isDecoy(rule: SecretRule, value: string, name: string): boolean {
  if (entropyOf(value) < rule.minEntropy) return true
  if (exampleWords.test(value) || hasLongRun(value)) return true
  if (rule.id === 'json-web-token') return isKnownExampleToken(value)
  if (rule.kind === 'token') return false
  if (substitutions.test(value)) return true
  if (rule.id.endsWith('-url') || rule.id === 'url-with-password' || rule.id === 'connection-string-password' || rule.id === 'netrc-login')
    return isPlainPassword(value)
  return rule.kind === 'generic' && isHarmless(rule, value, name)
}

/** Eight characters each following the other, as in 12345678 or abcdefgh: typed, not drawn. */
function hasLongRun(value: string): boolean {
  let run = 1
  for (let index = 1; index < value.length; index++) {
    run = value.charCodeAt(index) === value.charCodeAt(index - 1) + 1 ? run + 1 : 1
    if (run >= 8) return true
  }
  return false
}

function isPlainPassword(value: string): boolean {
  const folded = decodeURIComponentSafe(value).toLowerCase()
  return commonPasswords.has(folded) || /^[:$<{[(%]/.test(value) || /^(?:pass(?:word|wd)?|pwd|secret|token|pw|p)$/.test(folded)
}

function isHarmless(rule: SecretRule, value: string, name: string): boolean {
  if (publicNames.test(name) || references.test(value)) return true
  if (commonPasswords.has(value.toLowerCase())) return true
  if (isIdentifier(value)) return true
  if (rule.id.startsWith('drawn-')) return isOtherKey(rule, name) || !looksDrawn(value)
  // A name for a password asks for less than one for a token, because people choose passwords.
  const isPassword = /passw|pwd|passphrase/i.test(name)
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((pattern) => pattern.test(value)).length
  if (isPassword) return classes < 3 && !(classes === 2 && value.length >= 12)
  if (value.length < 16 || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return true
  return entropyOf(value) < 3.3 || /^\d{4}-\d\d-\d\d/.test(value)
}

/** Keys of tables, caches, lists and keyboards, and those that are made to be shown. */
const otherKeys =
  /(?:primary|foreign|sort|partition|shard|row|cache|storage|query|translation|i18n|locale|message|object|s3|map|group|order|idempotency|dedupe|hot|short|site|publishable|anon|react|state|lookup|index|unique|data|meta)[_.-]?key/i

function isOtherKey(rule: SecretRule, name: string): boolean {
  return rule.id.endsWith('-key') && otherKeys.test(name)
}

/** Letters and digits without order, of a length that nobody types. */
function looksDrawn(value: string): boolean {
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false
  // Forty capitals and digits are how people write the fingerprint of a signing key.
  if (/^[0-9A-F]{40}$/.test(value)) return false
  if (/^(?:0x)?[0-9a-f-]+$/i.test(value)) return value.length >= 32 && entropyOf(value) >= 3
  return entropyOf(value) >= (value.length >= 20 ? 3.5 : 3.2)
}

/** Words joined by dots, dashes, slashes or capitals, with at most short numbers: a name in a program, not a drawn value. */
function isIdentifier(value: string): boolean {
  const words = value.replace(/([a-z])([A-Z])/g, '$1 $2').split(/[\s._\-/:+=,@#$!?*~[\]()^]+/)
  return words.every(
    (word) =>
      /^(?:[A-Za-z]?[a-z]{0,24}|[A-Z]{1,16}|\d{1,4}|v\d{1,3}|[A-Za-z]{0,3}[a-z]{1,24}\d{1,5}|[A-Z]{2,5}\d{0,5})$/.test(word) &&
      !/[bcdfghjklmnpqrstvwxz]{6}/i.test(word),
  )
}

function isKnownExampleToken(value: string): boolean {
  const payload = Buffer.from(value.split('.')[1] ?? '', 'base64url').toString('latin1')
  return /John Doe|Jane Doe|"sub"\s*:\s*"1234567890"|example\.(?:com|org)/.test(payload)
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
