// Turns what somebody typed as a repository into a reference: a path on this disk, or a repository on GitHub.

import type { RepositoryRef } from '@slipway/core/events'
import { parseRepositoryUrl } from '@slipway/git/repository-url'
import { githubDotCom } from './github/github-settings.ts'

export type ParsedRepository = { ok: true; repository: RepositoryRef } | { ok: false; message: string }

const slugPattern = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/(?!(?:\.{1,2}|\.git)$)[A-Za-z0-9._-]+$/

/**
 * Accepts a path, `owner/name`, and the https and ssh forms of a GitHub address (`githubUrl`: the one that is set up).
 * `isFolder` decides between a path and `owner/name`. A credential in an address is refused, as it would end up in the log.
 */
export function parseRepository(
  text: string,
  options: { githubUrl?: string; base?: string | null; isFolder?: (path: string) => boolean } = {},
): ParsedRepository {
  const githubUrl = options.githubUrl ?? githubDotCom
  const base = options.base ?? null
  const given = text.trim()
  const isFolder = options.isFolder?.(given) ?? false
  if (slugPattern.test(given) && !isFolder) return githubRepository(given, githubUrl, base)
  const remote = isFolder ? null : parseRemote(given)
  if (remote === null) return localRepository(given, base)
  if (remote.hasCredential) {
    return refuse(
      'The repository address holds a credential. Write it without, and set GITHUB_TOKEN instead; revoke the credential if others may have seen it.',
    )
  }
  const host = new URL(githubUrl).host
  if (remote.host !== host) {
    return refuse(
      `Slipway opens change requests on ${host} and in local repositories, not on ${remote.host}. Set GITHUB_URL for a GitHub Enterprise server, or clone the repository and give its path.`,
    )
  }
  const slug = remote.path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '')
  if (!slugPattern.test(slug)) return refuse(`${remote.host} repositories are named owner/name; the address says "${slug.slice(0, 100)}".`)
  return githubRepository(slug, githubUrl, base)
}

function githubRepository(slug: string, githubUrl: string, base: string | null): ParsedRepository {
  const name = slug.replace(/\.git$/, '')
  return { ok: true, repository: { url: `${githubUrl}/${name}`, forge: 'github', slug: name, base } }
}

function localRepository(given: string, base: string | null): ParsedRepository {
  const parsed = parseRepositoryUrl(given)
  if (!parsed.ok) return parsed
  return { ok: true, repository: { url: parsed.address.url, forge: 'local', slug: null, base } }
}

interface Remote {
  host: string
  path: string
  hasCredential: boolean
}

/** null: a path on this disk, or something that git's own rules refuse. */
function parseRemote(text: string): Remote | null {
  if (/^(?:https?|ssh|git):\/\//i.test(text)) return parseUrl(text)
  const scp = /^(?:[\w.-]+@)?([\w.-]+\.[\w.-]+|localhost):(?!\/\/)([^\s]+)$/.exec(text)
  if (scp) return { host: (scp[1] ?? '').toLowerCase(), path: scp[2] ?? '', hasCredential: false }
  const bare = /^([\w-]+(?:\.[\w-]+)+)\/([\w.-]+\/[\w.-]+)\/?$/.exec(text)
  return bare ? { host: (bare[1] ?? '').toLowerCase(), path: bare[2] ?? '', hasCredential: false } : null
}

function parseUrl(text: string): Remote | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const isSsh = url.protocol === 'ssh:'
  // `git` is the fixed user name of ssh addresses, not a credential.
  const hasCredential = url.password !== '' || (url.username !== '' && !(isSsh && url.username === 'git'))
  return { host: isSsh ? url.hostname : url.host, path: url.pathname, hasCredential }
}

function refuse(message: string): ParsedRepository {
  return { ok: false, message }
}
