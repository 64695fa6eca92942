// A credential for one origin. The secret is a function, so that printing or serialising the value shows nothing.

export interface GitCredential {
  username: string
  secret(): string
}

/** Wraps a token for HTTP access to a repository. */
export function gitCredential(username: string, secret: string): GitCredential {
  if (!/^[A-Za-z0-9._-]+$/.test(username)) throw new Error('A git user name may hold letters, digits, dot, dash and underscore only.')
  if (secret === '' || /[\r\n\0]/.test(secret)) throw new Error('A git credential must be one line that is not empty.')
  return { username, secret: () => secret }
}

/** What askpass is told in its environment: who it may answer, never the secret itself. */
export function askpassEnvironment(url: string, credential: GitCredential): Record<string, string> {
  const { protocol, host } = new URL(url)
  return {
    GIT_ASKPASS: new URL('./askpass.sh', import.meta.url).pathname,
    SLIPWAY_ASKPASS_USERNAME: credential.username,
    SLIPWAY_ASKPASS_USERNAME_PROMPT: `Username for '${protocol}//${host}': `,
    SLIPWAY_ASKPASS_SECRET_PROMPT: `Password for '${protocol}//${credential.username}@${host}': `,
  }
}
