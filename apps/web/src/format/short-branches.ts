/** The id of a session in the name of its branch; what follows is what people know the branch by. */
const ID_OF_BRANCH = /slipway\/[0-9a-hjkmnp-tv-z]{26}-(?=[0-9a-z])/g

/** A text in which branches of sessions go without their ids, for places where the whole name stands elsewhere. */
export function shortBranches(text: string): string {
  return text.replace(ID_OF_BRANCH, '…-')
}
