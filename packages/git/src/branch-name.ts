// Names of branches, judged by git's own rules before they become part of a command.

/** Whether git would take this as a branch name. See git-check-ref-format(1). */
export function isBranchName(name: string): boolean {
  if (name === '' || name.length > 240 || name.startsWith('-') || name === '@' || name === 'HEAD') return false
  if (/[\0-\x20\x7f~^:?*[\\]/.test(name) || name.includes('..') || name.includes('@{')) return false
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock') && !part.endsWith('.'))
}

/** Whether this is a branch of Slipway's own, the only kind it pushes. */
export function isSlipwayBranch(name: string): boolean {
  return name.startsWith('slipway/') && isBranchName(name)
}
