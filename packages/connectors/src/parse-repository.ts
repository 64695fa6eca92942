// Turns what somebody typed as a repository into a reference: a path on this disk, or a repository on GitHub or GitLab.

import type { RepositoryRef } from '@slipway/core/events'
import { parseRepositoryUrl } from '@slipway/git/repository-url'
import { githubDotCom } from './github/github-settings.ts'
import { gitlabDotCom } from './gitlab/gitlab-settings.ts'

export type ParsedRepository = { ok: true; repository: RepositoryRef } | { ok: false; message: string }

export interface ParseOptions {
  /** The servers that are set up. */
  githubUrl?: string
  gitlabUrl?: string
  base?: string | null
  /** Decides between a path and `owner/name`. */
  isFolder?: (path: string) => boolean
}

const githubSlug = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/(?!(?:\.{1,2}|\.git)$)[A-Za-z0-9._-]+$/
/** Groups nest up to 20 deep. A `-` between slashes begins GitLab's own pages. */
const gitlabSlug = /^[A-Za-z0-9_][\w.-]*(?:\/(?!(?:\.{1,2}|\.git)(?:\/|$))[A-Za-z0-9_.][\w.-]*){1,20}$/

/**
 * Accepts a path, `owner/name` (on GitHub), and the https and ssh forms of an address on either server.
 * A credential in an address is refused, as it would end up in the log.
 */
export function parseRepository(text: string, options: ParseOptions = {}): ParsedRepository {
  const githubUrl = options.githubUrl ?? githubDotCom
  const gitlabUrl = options.gitlabUrl ?? gitlabDotCom
  const base = options.base ?? null
  const given = text.trim()
  const isFolder = options.isFolder?.(given) ?? false
  if (githubSlug.test(given) && !isFolder) return hosted('github', given, githubUrl, base)
  const remote = isFolder ? null : parseRemote(given)
  if (remote === null) return localRepository(given, base)
  if (remote.hasCredential) {
    return refuse(
      'The repository address holds a credential. Write it without, and connect an account in Settings → Connections (or set GITHUB_TOKEN or GITLAB_TOKEN) instead; revoke the credential if others may have seen it.',
    )
  }
  const onGithub = pathBelow(githubUrl, remote)
  if (onGithub !== null) return slugOr(onGithub, githubSlug, 'owner/name', remote, (slug) => hosted('github', slug, githubUrl, base))
  const onGitlab = pathBelow(gitlabUrl, remote)
  if (onGitlab !== null) return slugOr(onGitlab, gitlabSlug, 'group/name', remote, (slug) => hosted('gitlab', slug, gitlabUrl, base))
  return refuse(
    `Slipway opens change requests on ${new URL(githubUrl).host}, on ${new URL(gitlabUrl).host} and in local repositories, not on ${remote.host}. Set GITHUB_URL or GITLAB_URL to that server, or clone the repository and give its path.`,
  )
}

/** null: not on this server. An ssh address does not say below which path the web pages are. */
function pathBelow(url: string, remote: Remote): string | null {
  const server = new URL(url)
  const isHost = remote.isSsh ? remote.host === server.hostname || remote.host === server.host : remote.host === server.host
  if (!isHost) return null
  const path = remote.path.replace(/^\/+|\/+$/g, '')
  const prefix = server.pathname.replace(/^\/+|\/+$/g, '')
  if (prefix === '') return path
  if (path.startsWith(`${prefix}/`)) return path.slice(prefix.length + 1)
  return remote.isSsh ? path : null
}

function slugOr(path: string, pattern: RegExp, form: string, remote: Remote, found: (slug: string) => ParsedRepository): ParsedRepository {
  const slug = path.replace(/\.git$/, '')
  return pattern.test(slug)
    ? found(slug)
    : refuse(`${remote.host} repositories are named ${form}; the address says "${slug.slice(0, 100)}".`)
}

function hosted(forge: 'github' | 'gitlab', slug: string, serverUrl: string, base: string | null): ParsedRepository {
  const name = slug.replace(/\.git$/, '')
  return { ok: true, repository: { url: `${serverUrl}/${name}`, forge, slug: name, base } }
}

function localRepository(given: string, base: string | null): ParsedRepository {
  const parsed = parseRepositoryUrl(given)
  if (!parsed.ok) return parsed
  return { ok: true, repository: { url: parsed.address.url, forge: 'local', slug: null, base } }
}

interface Remote {
  host: string
  path: string
  isSsh: boolean
  hasCredential: boolean
}

/** null: a path on this disk, or something that git's own rules refuse. */
function parseRemote(text: string): Remote | null {
  if (/^(?:https?|ssh|git):\/\//i.test(text)) return parseUrl(text)
  const scp = /^(?:[\w.-]+@)?([\w.-]+\.[\w.-]+|localhost):(?!\/\/)([^\s]+)$/.exec(text)
  if (scp) return { host: (scp[1] ?? '').toLowerCase(), path: scp[2] ?? '', isSsh: true, hasCredential: false }
  const bare = /^([\w-]+(?:\.[\w-]+)+)\/([\w.-]+(?:\/[\w.-]+)+)\/?$/.exec(text)
  return bare ? { host: (bare[1] ?? '').toLowerCase(), path: bare[2] ?? '', isSsh: false, hasCredential: false } : null
}

function parseUrl(text: string): Remote | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const isSsh = url.protocol === 'ssh:'
  // `git` is the fixed user name of ssh addresses, not a credential.
  const hasCredential = url.password !== '' || (url.username !== '' && !(isSsh && url.username === 'git'))
  return { host: isSsh ? url.hostname : url.host, path: url.pathname, isSsh, hasCredential }
}

function refuse(message: string): ParsedRepository {
  return { ok: false, message }
}
