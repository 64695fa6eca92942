import { expect, test } from 'vitest'
import { makeBearerSecret } from '../auth/bearer-secret.ts'
import { openLogger } from './logger.ts'

test('no key and no shared link is written to the log, whatever field it is in', () => {
  let written = ''
  const logger = openLogger({ level: 'info', redact: (text) => text, destination: { write: (line: string) => void (written += line) } })
  const key = makeBearerSecret('slipway_').text
  const link = makeBearerSecret('').text
  logger.info({ req: { url: `/api/v1/shared/${link}/events?after=3` }, headers: { authorization: `Bearer ${key}` } }, `asked with ${key}`)
  logger.error({ err: new Error(`no row for ${key}`, { cause: new Error(`GET /shared/${link}`) }) })
  expect(written).toContain('/api/v1/shared/[secret]/events?after=3')
  for (const secret of [key, link, key.slice('slipway_'.length)]) expect(written).not.toContain(secret)
})
