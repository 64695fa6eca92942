// What the tree policy says about a commit.

import type { PolicyFinding } from '@slipway/core/events'
import { displayPath } from './display-path.ts'

export interface Ruling {
  /** forbid: the commit does not leave the sandbox. warn: a person decides. */
  severity: 'forbid' | 'warn'
  finding: PolicyFinding
}

export function forbid(rule: string, path: string, message: string): Ruling {
  return { severity: 'forbid', finding: { rule, path: displayPath(path), message } }
}

export function warn(rule: string, path: string, message: string): Ruling {
  return { severity: 'warn', finding: { rule, path: displayPath(path), message } }
}

/** The first of each rule and path, at most `limit` of each severity, so that a thousand bad files do not become a thousand lines. */
export function condense(rulings: Ruling[], limit: number): { forbidden: PolicyFinding[]; warnings: PolicyFinding[] } {
  const seen = new Set<string>()
  const lists = { forbid: [] as PolicyFinding[], warn: [] as PolicyFinding[] }
  const left = { forbid: 0, warn: 0 }
  for (const { severity, finding } of rulings) {
    const key = `${finding.rule}\0${finding.path}`
    if (seen.has(key)) continue
    seen.add(key)
    if (lists[severity].length < limit) lists[severity].push(finding)
    else left[severity]++
  }
  for (const severity of ['forbid', 'warn'] as const) {
    if (left[severity] > 0) lists[severity].push({ rule: 'more', path: '', message: `${left[severity]} more findings are not shown.` })
  }
  return { forbidden: lists.forbid, warnings: lists.warn }
}
