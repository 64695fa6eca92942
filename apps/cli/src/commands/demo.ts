// slipway demo: the main job on a bundled example. Everything is real but, without a key, the model.

import { loadSession } from '@slipway/server/actions/access'
import { readDiff } from '@slipway/server/actions/read-diff'
import { asLocal } from '@slipway/server/auth/ports-for'
import type { Runtime } from '@slipway/server/runtime'
import { startSample, type Sample } from '@slipway/server/sample/start-sample'
import type { ExitCode } from '../exit-codes.ts'
import { renderDiff } from '../render/render-diff.ts'
import { renderReceipt } from '../render/render-work.ts'
import { watchHere } from '../session/watch-here.ts'
import { openTerminal, type Terminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'

const MAX_DIFF_BYTES = 100_000

export function demo(options: { model?: string; json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal(options.json ? 'quiet' : 'people')
  return withRuntime(async (runtime) => {
    const { ports, settings } = runtime
    const { sessionId, model } = await startSample(
      { ...asLocal(ports), settings },
      { model: options.model ?? null, wake: 'no', introduce: (sample) => introduce(terminal, sample) },
    )
    return watchHere({
      runtime,
      sessionId,
      terminal,
      after: 0,
      format: options.json ? 'json' : 'people',
      epilogue: () => conclude(runtime, sessionId, terminal, model),
    })
  })
}

function introduce(terminal: Terminal, { model, repository, budgetUsd }: Sample): void {
  const { style } = terminal
  terminal.print(style.bold('Slipway: from a task to a verified change request'))
  terminal.print('')
  terminal.print(`  Sample repository: ${repository}`)
  if (isScripted(model)) {
    terminal.print(`  ${style.warn('No model is set up, so the model is scripted:')} its words and choices come from a file.`)
    terminal.print('  Real are the sandbox, the edits, the tests, the secret scan, the verification, the push and the change request.')
  } else {
    terminal.print(`  Real model: ${model}. It may cost up to $${budgetUsd.toFixed(2)}.`)
  }
  terminal.print('')
}

async function conclude(runtime: Runtime, sessionId: string, terminal: Terminal, model: string): Promise<void> {
  const { style } = terminal
  const { state } = await loadSession(asLocal(runtime.ports), sessionId)
  const { diff } = await readDiff(runtime.ports.airlock, state, MAX_DIFF_BYTES)
  for (const line of ['', `  ${style.bold('The change')}`, ...renderDiff(diff, style).map((text) => `    ${text}`)]) terminal.print(line)
  const receipts = state.work.verification?.receipts ?? []
  if (receipts.length > 0) terminal.print(`\n  ${style.bold('What Slipway ran itself, in a clean sandbox at that commit')}`)
  for (const line of receipts.flatMap((receipt) => renderReceipt(receipt, style))) terminal.print(line)
  if (!isScripted(model)) return
  terminal.print('')
  terminal.print(
    `  ${style.warn('The model was scripted.')} For a real one set ANTHROPIC_API_KEY, OPENAI_API_KEY or GOOGLE_GENERATIVE_AI_API_KEY, or start Ollama;`,
  )
  terminal.print('  then work on your own code: slipway run --repo <path> --task "<what to do>"')
}

function isScripted(model: string): boolean {
  return model.startsWith('scripted/')
}
