// GitLab keeps the draft state in the title, as a prefix. See https://docs.gitlab.com/user/project/merge_requests/drafts/

const prefix = 'Draft: '
const anyPrefix = /^\s*(?:(?:\[draft\]|\(draft\)|draft:|\[wip\]|wip:)\s*)+/i

/** The title without the prefix, whoever put it there. */
export function withoutDraftPrefix(title: string): string {
  return title.replace(anyPrefix, '')
}

/** Room for this prefix has to be left below GitLab's limit. */
export const draftPrefixLength = prefix.length

export function draftTitle(title: string, draft: boolean): string {
  const plain = withoutDraftPrefix(title)
  return draft ? prefix + plain : plain
}
