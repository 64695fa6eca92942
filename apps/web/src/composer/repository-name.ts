/** The short name of a repository: `owner/name` of an address, the last folder of a path. */
export function repositoryName(url: string): string {
  const path = url
    .replace(/^[a-z+]+:\/\/[^/]+\//, '')
    .replace(/^git@[^:]+:/, '')
    .replace(/\.git\/?$/, '')
    .replace(/\/$/, '')
  if (!url.startsWith('/') && !url.startsWith('file:')) return path
  return path.split('/').at(-1) || path
}
