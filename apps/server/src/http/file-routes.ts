// What answers the files' part of the contract.

import { readFacts } from '@slipway/store/session-facts'
import type { FastifyInstance } from 'fastify'
import type { Person } from '../auth/person.ts'
import * as contract from '../contract/file-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { compareTrees } from '../files/compare-trees.ts'
import { isBinary } from '../files/make-patch.ts'
import { type Moment, PLACE_EVENTS } from '../files/moment.ts'
import { sessionChanges } from '../files/session-changes.ts'
import { MAX_FILE_BYTES, openSessionTrees, type SessionTree } from '../files/session-trees.ts'
import type { Runtime } from '../runtime.ts'
import { handle } from './handle.ts'
import { ownRow } from './session-routes.ts'

const MAX_LISTED = 20_000

export function addFileRoutes(app: FastifyInstance, runtime: Runtime): void {
  const { store, settings, sandboxes } = runtime
  const trees = openSessionTrees({ home: settings.home, sandboxes })

  async function treeAt(person: Person, id: string, moment: Moment): Promise<SessionTree> {
    const { id: sessionId } = await ownRow(runtime, person, id)
    const mine = store.as(person.ownerId)
    const upTo = typeof moment === 'number' ? { upTo: moment } : {}
    return trees.at(await readFacts(mine, { sessionId, types: PLACE_EVENTS, ...upTo }), moment)
  }

  handle(app, contract.sessionFiles, async ({ params, query, person }) => {
    const [tree, base] = [await treeAt(person, params.id, query.at), await treeAt(person, params.id, 'base')]
    const differences = compareTrees(base.files, tree.files)
    const status = new Map(differences.map((difference) => [difference.path, difference.status]))
    return {
      seq: tree.seq,
      total: tree.files.length,
      files: tree.files.slice(0, MAX_LISTED).map(({ path, bytes, mode }) => ({
        path,
        bytes,
        isLink: mode === '120000',
        isExecutable: mode === '100755',
        status: status.get(path) ?? null,
      })),
      removed: differences.flatMap((difference) => (difference.status === 'removed' ? [difference.path] : [])),
    }
  })

  handle(app, contract.sessionFile, async ({ params, query, person }) => {
    const tree = await treeAt(person, params.id, query.at)
    const file = tree.files.find(({ path }) => path === query.path)
    if (file === undefined) throw new SlipwayError('not-found', 'There is no such file at this moment of the session.')
    const { path, bytes } = file
    const content = (await tree.read([file.oid])).get(file.oid)
    if (content === undefined) return { path, seq: tree.seq, bytes, isBinary: false, isTooLarge: bytes > MAX_FILE_BYTES, text: '' }
    const binary = isBinary(content)
    return { path, seq: tree.seq, bytes, isBinary: binary, isTooLarge: false, text: binary ? '' : new TextDecoder().decode(content) }
  })

  handle(app, contract.sessionChanges, async ({ params, query, person }) => {
    const [from, to] = [await treeAt(person, params.id, query.from), await treeAt(person, params.id, query.to)]
    return { from: from.seq, to: to.seq, ...(await sessionChanges({ from, to, context: query.context })) }
  })

  handle(app, contract.sessionOutput, async ({ params, query, person }) => {
    const { id } = await ownRow(runtime, person, params.id)
    const missing = new SlipwayError('not-found', 'No event of this session names such an output.')
    const mine = store.as(person.ownerId)
    const { rows } = await mine.query(
      `select from events where session_id = $1 and type in ('tool-finished', 'verification-finished', 'setup-finished')
       and body::text like '%"' || $2 || '"%' limit 1`,
      [id, params.sha],
    )
    const bytes = rows.length === 0 ? null : await mine.blobs.get(params.sha)
    if (bytes === null) throw missing
    const end = Math.min(bytes.length, query.offset + query.limit)
    return { bytes: bytes.length, text: new TextDecoder().decode(bytes.subarray(query.offset, end)), next: end < bytes.length ? end : null }
  })
}
