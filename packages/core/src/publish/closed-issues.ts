// The issues that a change request closes: the one that the task is, and those that a person asked for in the task's text.

import type { RepositoryRef, Task } from '../events.ts'

const keyword = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\s*:?\s+((?:[\w.-]+\/)+[\w.-]+)?#(\d{1,9})\b/gi

/** As `#12` or `group/name#12`. The text of an issue or a page is not a person's wish, so only its address counts there. */
export function closedIssues(task: Task, repository: Pick<RepositoryRef, 'url'>): string[] {
  const { kind, ref } = task.source
  if (kind === 'issue') return ref === null ? [] : numberIn(ref, repository.url)
  if (kind === 'notion') return []
  return [...new Set([...task.text.matchAll(keyword)].map(([, slug = '', number]) => `${slug}#${number}`))]
}

/** `…/issues/12` on GitHub, `…/-/issues/12` or `…/-/work_items/12` on GitLab; an issue of another repository is not closed from here. */
function numberIn(url: string, repositoryUrl: string): string[] {
  if (!url.toLowerCase().startsWith(`${repositoryUrl.toLowerCase()}/`)) return []
  const number = /^(?:\/-)?\/(?:issues|work_items)\/(\d{1,9})(?:[/?#]|$)/.exec(url.slice(repositoryUrl.length))?.[1]
  return number === undefined ? [] : [`#${number}`]
}
