// Reads from git's own words (LC_ALL=C) why talking to a repository failed.

import type { ForgeFailure, ForgeProblem } from '@slipway/core/ports'
import type { GitResult } from './run-git.ts'

const refusedCredential = 'The repository refused the credential. Check that the token is valid and may read and write this repository.'

const signs: [RegExp, ForgeProblem, string][] = [
  [
    /dubious ownership/i,
    'refused',
    'The repository belongs to another user of this machine. Run Slipway as its owner, or give it a copy of its own.',
  ],
  [
    /Authentication failed|could not read (?:Username|Password)|HTTP Basic: Access denied|returned error: 401|terminal prompts disabled/i,
    'auth',
    refusedCredential,
  ],
  [
    /returned error: 403|Permission to .* denied|Write access to repository not granted|Permission denied/i,
    'auth',
    'The credential may not do this. Give the token write access to this repository.',
  ],
  [/returned error: 429|rate limit/i, 'rate-limit', 'The forge asks to slow down.'],
  [
    /not found|does not appear to be a git repository|not a git repository|No such file or directory|returned error: 404/i,
    'not-found',
    'No repository was found there. Check the address; a private repository also looks like this without a token.',
  ],
  [
    /stale info|non-fast-forward|fetch first|failed to update ref|cannot lock ref|reference already exists/i,
    'conflict',
    'The branch has moved on in the meantime.',
  ],
  [
    /source repository is shallow|shallow update not allowed/i,
    'refused',
    'The repository is a shallow clone. Run `git fetch --unshallow` in it and try again.',
  ],
  [/over limit|out of memory/i, 'refused', 'It holds an object that is too large to unpack.'],
  [
    /protected branch|GH006|GH013|repository rule violations/i,
    'refused',
    'A rule of the repository protects the branch, so nothing was pushed. Let this account make and push branches below slipway/ (GitHub: Settings → Rules; GitLab: Settings → Repository → protected branches), then publish again.',
  ],
  [/remote rejected|pre-receive hook declined|refusing to update/i, 'refused', 'The repository refused the push.'],
  [
    /Could not resolve host|Failed to connect|Connection (?:refused|reset|timed out)|unable to access|early EOF|hung up unexpectedly|RPC failed|returned error: 5\d\d|SSL|certificate|unexpected disconnect/i,
    'network',
    'The repository could not be reached.',
  ],
]

/** Turns a failed git call into an expected outcome; `doing` starts the sentence, as in "Fetching /srv/app.git". */
export function classifyGitFailure(result: GitResult, doing: string): ForgeFailure {
  if (result.killed === 'timeout')
    return failure('network', `${doing} took too long (${Math.round(result.ms / 1000)} s) and was ended. Try again.`)
  if (result.killed === 'stopped') return failure('network', `${doing} was stopped.`)
  const found = signs.find(([pattern]) => pattern.test(result.stderr))
  const said = lastLine(result.stderr)
  if (!found) return failure('refused', `${doing} failed. git said: ${said}`)
  return failure(found[1], `${doing} failed. ${found[2]} git said: ${said}`)
}

/** Whether the far end did not know the credential at all (401). Nothing was read or written then. */
export function refusesCredential({ problem, message }: ForgeFailure): boolean {
  return problem === 'auth' && message.includes(refusedCredential)
}

export function failure(problem: ForgeProblem, message: string): ForgeFailure {
  return { ok: false, problem, message, retryAfterMs: null }
}

function lastLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^(?:fatal|error|remote|!)/.test(line))
  return (lines.find((line) => /^(?:fatal|!)/.test(line)) ?? lines[0] ?? text.trim()).slice(0, 300)
}
