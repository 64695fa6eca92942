// Keys and logins that belong to no one service: private keys, signed tokens, addresses with a password.

import type { SecretRule } from './secret-rule.ts'
import { assigned, token } from './secret-rule.ts'

/** Line ends as they are, or as a string literal holds them; also the quotes and signs between pieces of a literal. */
const gap = `(?:[\\s"'\`+,;\\\\]|\\\\[nr])*`

export const keyRules: SecretRule[] = [
  {
    id: 'private-key',
    keywords: ['private key'],
    pattern: new RegExp(
      `-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----${gap}(?:[A-Z][A-Za-z-]+: [^\\n\\\\]{1,80}${gap}){0,4}([A-Za-z0-9+/]{16,})`,
      'g',
    ),
    minEntropy: 2.5,
    kind: 'token',
  },
  { id: 'putty-key', keywords: ['private-lines:'], pattern: /Private-Lines: \d+\s+([A-Za-z0-9+/]{32,})/g, minEntropy: 3, kind: 'token' },
  token('age-key', ['age-secret-key-1'], 'AGE-SECRET-KEY-1[A-Z0-9]{58}', 3),
  {
    id: 'wireguard-key',
    keywords: ['privatekey', 'presharedkey'],
    pattern: /(?:PrivateKey|PresharedKey)\s*=\s*([A-Za-z0-9+/]{43}=)/g,
    minEntropy: 3.5,
    kind: 'context',
  },
  { id: 'private-jwk', keywords: ['"kty"'], pattern: /"d"\s*:\s*"([A-Za-z0-9_-]{40,})"/g, minEntropy: 3.5, kind: 'context' },
  {
    id: 'kubernetes-client-key',
    keywords: ['client-key-data'],
    pattern: /client-key-data:\s*["']?([A-Za-z0-9+/=]{60,})/g,
    minEntropy: 3,
    kind: 'context',
  },
  token('json-web-token', ['eyj'], 'eyJ[A-Za-z0-9_\\-]{10,}\\.eyJ[A-Za-z0-9_\\-]{10,}\\.[A-Za-z0-9_\\-]{16,}', 3),
  {
    id: 'database-url',
    keywords: ['://'],
    pattern:
      /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqps?|mssql|sqlserver|oracle|clickhouse|cockroachdb|couchbases?|nats|kafka|cassandra|neo4j|ftps?|sftp|ldaps?|smtps?|imaps?)(?:\+[a-z0-9]+)?:\/\/[^\s:@/"'`<>]*:([^\s@"'`<>/]{3,})@[^\s"'`<>]+/gi,
    minEntropy: 1.5,
    kind: 'context',
  },
  {
    id: 'url-with-password',
    keywords: ['://'],
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'`<>]{1,100}:([^\s@"'`<>/]{4,})@[A-Za-z0-9.-]+/gi,
    minEntropy: 1.5,
    kind: 'context',
  },
  {
    id: 'connection-string-password',
    keywords: ['password=', 'pwd='],
    pattern: /(?:server|host|data source|user id|uid|accountendpoint)\s*=[^\n"']{1,200};\s*(?:password|pwd)\s*=\s*([^;\s"']{6,})/gi,
    minEntropy: 2,
    kind: 'context',
  },
  {
    id: 'authorization-header',
    keywords: ['bearer ', 'basic '],
    pattern: /authorization["'\]]{0,2}\s*[:=,]\s*["'`]?(?:bearer|basic)\s+([A-Za-z0-9+/=_.~-]{16,})/gi,
    minEntropy: 3.3,
    kind: 'context',
  },
  {
    id: 'netrc-login',
    keywords: ['machine '],
    pattern: /machine\s+\S+\s+login\s+\S+\s+password\s+(\S{4,})/g,
    minEntropy: 2,
    kind: 'context',
  },
  assigned(
    'encryption-key',
    ['encryption', 'master', 'signing', 'secret_key', 'secretkey', 'app_key'],
    '(?:encryption|master|signing|secret|app)[_\\-]?key',
    '(?:base64:)?[A-Za-z0-9+/]{43}=|[0-9a-f]{64}|[0-9a-f]{32}',
    3,
  ),
]
