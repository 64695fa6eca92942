// The tables of docs/configuration.md, made from the same data that the program reads.

import type { Variable } from './variables.ts'
import { variableGroups, variables } from './variables.ts'

export const TABLES_START = '<!-- settings: made from apps/server/src/settings/variables.ts by `make docs` -->'
export const TABLES_END = '<!-- end of settings -->'

/** The page with its tables replaced by current ones; throws when the page has no place for them. */
export function withCurrentTables(page: string): string {
  const start = page.indexOf(TABLES_START)
  const end = page.indexOf(TABLES_END)
  if (start < 0 || end < start) throw new Error(`docs/configuration.md needs the lines ${TABLES_START} and ${TABLES_END}.`)
  return `${page.slice(0, start + TABLES_START.length)}\n\n${settingsTables()}\n\n${page.slice(end)}`
}

function settingsTables(): string {
  return variableGroups
    .map((group) => [`## ${group}`, '', '| name | default | what it does |', '|---|---|---|', ...rowsOf(group)].join('\n'))
    .join('\n\n')
}

function rowsOf(group: string): string[] {
  return Object.entries<Variable>(variables)
    .filter(([, variable]) => variable.group === group)
    .map(([name, variable]) => `| \`${name}\` | ${defaultOf(variable)} | ${variable.what} |`)
}

function defaultOf({ byDefault, defaultNote }: Variable): string {
  return defaultNote ?? (byDefault === null ? 'not set' : `\`${byDefault}\``)
}
