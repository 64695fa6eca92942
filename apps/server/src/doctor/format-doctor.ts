// The doctor's report for a terminal: what is wrong first, each with its cause and what to type.

import type { DoctorReport, Finding, FindingState } from './finding.ts'

const signs: Record<FindingState, string> = { fail: '✗', warn: '!', ok: '✓' }
const colours: Record<FindingState, number> = { fail: 31, warn: 33, ok: 32 }
const DIM = 2
const BOLD = 1

/** Ends with a line that says in one sentence where things stand. */
export function formatDoctor(report: DoctorReport, options: { colour: boolean }): string {
  const paint = (code: number, text: string) => (options.colour ? `\u001b[${code}m${text}\u001b[0m` : text)
  const width = Math.max(...report.findings.map(({ name }) => name.length), 0)
  const lines = report.findings.flatMap((finding) => [headline(finding), ...advice(finding)])
  return `${lines.join('\n')}\n\n${paint(BOLD, conclusion(report))}\n`

  function headline({ name, state, summary }: Finding): string {
    return `${paint(colours[state], signs[state])} ${name.padEnd(width)}  ${summary}`
  }

  function advice({ cause, fix }: Finding): string[] {
    const indent = ' '.repeat(width + 4)
    return [...(cause === null ? [] : [`${indent}${paint(DIM, `why:  ${cause}`)}`]), ...(fix === null ? [] : [`${indent}type: ${fix}`])]
  }
}

function conclusion({ findings }: DoctorReport): string {
  const count = (state: FindingState) => findings.filter((finding) => finding.state === state).length
  const failures = count('fail')
  const doubts = count('warn')
  if (failures > 0) return `${failures} ${failures === 1 ? 'thing keeps' : 'things keep'} Slipway from working here.`
  if (doubts > 0) return `Slipway works here. ${doubts} ${doubts === 1 ? 'thing is' : 'things are'} worth a look.`
  return 'Slipway works here.'
}
