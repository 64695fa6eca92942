// slipway changes: the change requests of a repository on this disk.

import { resolve } from 'node:path'
import { diffChangeRequest, listChangeRequests, showChangeRequest } from '@slipway/connectors/local/change-requests'
import { mergeChangeRequest } from '@slipway/connectors/local/merge-change-request'
import type { ForgeFailure } from '@slipway/core/ports'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import { systemClock } from '@slipway/server/runtime/clock'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { shortOid } from '../render/format.ts'
import { oneLine, wrap } from '../render/plain-text.ts'
import { renderDiff } from '../render/render-diff.ts'
import { openTerminal } from '../terminal.ts'
import { settingsOrThrow } from '../with-runtime.ts'
import { printableJson } from '../render/printable-json.ts'

export interface ChangesOptions {
  repo: string
  json?: boolean
}

const MAX_DIFF_BYTES = 5_000_000

export async function listChanges({ repo, json }: ChangesOptions): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const { changeRequests } = orThrow(await listChangeRequests({ path: resolve(repo) }))
  for (const change of changeRequests) {
    const state = change.state === 'open' && change.draft ? 'draft' : change.state
    terminal.print(
      json
        ? printableJson(change)
        : `#${String(change.number).padEnd(4)} ${state.padEnd(7)} ${oneLine(change.title, terminal.style.width - 16)}  ${terminal.style.dim(`${change.branch} → ${change.base}`)}`,
    )
  }
  if (changeRequests.length === 0 && !json) terminal.print('This repository has no change requests.')
  return exitCodes.asAsked
}

export async function showChange(number: number, { repo, json }: ChangesOptions): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const { changeRequest } = orThrow(await showChangeRequest({ path: resolve(repo), number }))
  if (json) terminal.print(printableJson(changeRequest, 2))
  else {
    terminal.print(terminal.style.bold(oneLine(`#${number} ${changeRequest.title}`, terminal.style.width)))
    terminal.print(
      terminal.style.dim(`${changeRequest.draft ? 'draft, ' : ''}${changeRequest.state}, ${changeRequest.branch} → ${changeRequest.base}`),
    )
    for (const line of ['', ...wrap(changeRequest.body, terminal.style.width)]) terminal.print(line)
  }
  return exitCodes.asAsked
}

export async function diffChange(number: number, { repo }: ChangesOptions): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const { diff, truncated } = orThrow(await diffChangeRequest({ path: resolve(repo), number, maxBytes: MAX_DIFF_BYTES }))
  for (const line of renderDiff(diff, terminal.style)) terminal.print(line)
  if (truncated) terminal.note('slipway: the rest of this diff is left out; it is larger than 5 MB.')
  return exitCodes.asAsked
}

export async function mergeChange(number: number, { repo }: ChangesOptions): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const { home } = await settingsOrThrow()
  const merged = orThrow(
    await mergeChangeRequest({
      home,
      path: resolve(repo),
      number,
      clock: systemClock,
      merger: { name: 'Slipway', email: 'slipway@localhost' },
    }),
  )
  terminal.print(`Merged #${number} at ${shortOid(merged.mergedOid)}${merged.fastForward ? ' (fast-forward)' : ''}.`)
  return exitCodes.asAsked
}

function orThrow<Result extends { ok: true }>(result: Result | ForgeFailure): Result {
  if (result.ok) return result
  throw new SlipwayError(result.problem === 'not-found' ? 'not-found' : 'conflict', result.message)
}
