// What the fields of requests usually hold, so that many of them get past the first check.

import fc from 'fast-check'
import type { Things } from '../../attacks/every-route/world.ts'
import type { Hints } from './from-schema.ts'
import type { FuzzServer } from './fuzz-server.ts'
import { hostilePath, hostileText } from './hostile-values.ts'

export function hintsFor(server: FuzzServer, things: Things): Hints {
  const or = (...ids: string[]) => fc.constantFrom(...ids, ...ids, ...ids, 'nobody')
  return {
    id: or(things.session),
    'sessions/': or(...server.sessions, things.session, 'last'),
    'shared/': or(things.share.token),
    'shares/': or(things.share.id),
    'outputs/': or(things.blob),
    'plans/': or(things.plan),
    'routines/': or(things.routine),
    'triggers/': or(things.trigger),
    'connections/': or(things.connection, things.notionDatabase),
    'keys/': or(things.keyId),
    'devices/': or(things.device),
    'people/': or(things.personId),
    'integrations/': or('github', 'gitlab', 'notion', 'vercel'),
    'webhooks/': or('github', 'gitlab', 'notion', 'vercel'),
    version: fc.constantFrom(1, 2, 0),
    cursor: fc.constantFrom(...server.sessions, 'nobody'),
    repository: fc.oneof(fc.constantFrom(server.repository, 'owner/name', 'https://github.com/owner/name'), hostilePath),
    model: fc.oneof(
      { weight: 4, arbitrary: fc.constant(server.model) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'scripted/nowhere.yaml',
          'scripted//etc/passwd',
          'scripted//dev/zero',
          'scripted//',
          'anthropic/x',
          'nonsense/x',
          'openai-compatible/x',
        ),
      },
    ),
    fallback: fc.constantFrom(server.model, 'scripted/nowhere'),
    askId: fc.constantFrom(server.askId, 'ask-1'),
    effectHash: fc.constantFrom(server.effectHash, null, 'other'),
    // Due once a year, so that no routine begins a session while this runs.
    cron: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('0 3 1 1 *', '59 23 31 12 *', '0 3 * *', '99 99 99 99 99', '0 3 30 2 *', '*/0 0 1 1 *') },
      { weight: 1, arbitrary: hostileText },
    ),
    timeZone: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('UTC', 'Europe/Vienna', 'Mars/Olympus', '+25:00') },
      { weight: 1, arbitrary: hostileText },
    ),
    atSeq: fc.constantFrom(1, 2, 3, 300, 2 ** 31, 2 ** 53 - 1),
    after: fc.constantFrom(0, 1, 2 ** 31, 2 ** 53),
  }
}
