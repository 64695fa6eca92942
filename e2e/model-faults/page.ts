// The tables of docs/model-failures.md.

import { whatSlipwayDoes, whatThePersonReads } from './outcomes.ts'
import { rows, type FaultRow } from './rows.ts'

const START = '<!-- failures: made from e2e/model-faults/rows.ts by `make docs` -->'
const END = '<!-- end of failures -->'

/** The page with its tables replaced by current ones; throws when the page has no place for them. */
export function withCurrentFailures(page: string): string {
  const start = page.indexOf(START)
  const end = page.indexOf(END)
  if (start < 0 || end < start) throw new Error(`docs/model-failures.md needs the lines ${START} and ${END}.`)
  return `${page.slice(0, start + START.length)}\n\n${tables()}\n\n${page.slice(end)}`
}

function tables(): string {
  const groups = [...new Set(rows.map((row) => row.group))]
  return groups.map((group) => [`### ${titles[group]}`, '', ...table(rows.filter((row) => row.group === group))].join('\n')).join('\n\n')
}

const titles: Record<FaultRow['group'], string> = {
  'refused before an answer': 'The provider refuses',
  connection: 'The connection fails',
  stream: 'The answer breaks off',
  answer: 'The answer is no good',
}

function table(group: FaultRow[]): string[] {
  return [
    '| what the provider does | what Slipway does | what a person reads when it does not stop |',
    '|---|---|---|',
    ...group.map((row) => `| ${doesOf(row)} | ${whatSlipwayDoes(row)} | ${escape(whatThePersonReads(row))} |`),
  ]
}

function doesOf({ does, notOn }: FaultRow): string {
  const others = Object.keys(notOn ?? {})
  return others.length === 0 || others.length > 2 ? does : `${does} (not ${others.join(', ')})`
}

function escape(text: string): string {
  return text.replace(/[<>|]/g, (character) => ({ '<': '&lt;', '>': '&gt;', '|': '\\|' })[character] ?? character)
}
