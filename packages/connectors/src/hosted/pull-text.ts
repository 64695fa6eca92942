// Title and description brought into the forge's limits, and the note about a draft that could not be one.

import type { HostedWords } from './hosted-client.ts'

const draftNote =
  '> Meant as a draft. This repository does not support draft pull requests, so it was opened as a regular one: please do not merge it before it is ready.'

/** Line breaks become spaces; an over-long title ends in an ellipsis. */
export function fitTitle(title: string, { titleLimit }: HostedWords): string {
  return cut(title.replace(/\s+/g, ' ').trim(), titleLimit, '…')
}

export function fitBody(body: string, { bodyLimit, forge }: HostedWords): string {
  return cut(body, bodyLimit, `\n\n(Shortened: the description was longer than ${forge} accepts.)`)
}

/** For a repository without drafts: readers are told, as the state cannot. */
export function withDraftNote(body: string, words: HostedWords): string {
  return fitBody(`${draftNote}\n\n${body}`, words)
}

function cut(text: string, limit: number, ending: string): string {
  if (text.length <= limit) return text
  // A surrogate pair is not split.
  const kept = text.slice(0, limit - ending.length).replace(/[\uD800-\uDBFF]$/, '')
  return kept + ending
}
