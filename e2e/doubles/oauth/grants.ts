// What an authorization server keeps: codes that count once, access tokens that run out, and refresh tokens that are
// replaced with each use. One that comes a second time takes its whole family down, as RFC 9700 asks for.

import { createHash, randomBytes } from 'node:crypto'

export interface DoublePerson {
  id: number
  login: string
}

export interface DoubleGrant {
  access: string
  refresh: string | null
  person: DoublePerson
  scopes: string[]
  expiresAtMs: number | null
  isRevoked: boolean
  /** All that came of one consent; personal tokens have none. */
  family: string | null
}

export interface GrantOptions {
  client: { id: string; secret: string }
  /** Where people may be sent back to. */
  redirectAddresses: () => string[]
  /** null: access tokens never run out and there is no refresh token. */
  accessSeconds: number | null
  usesPkce: boolean
  prefix: string
}

export type GrantAnswer = { ok: true; grant: DoubleGrant } | { ok: false; error: string }

interface Code {
  person: DoublePerson
  redirect: string
  challenge: string | null
  scopes: string[]
  family: string
  isUsed: boolean
}

export function openGrants(options: GrantOptions) {
  const codes = new Map<string, Code>()
  const grants: DoubleGrant[] = []
  const random = () => `${options.prefix}${randomBytes(20).toString('hex')}`

  function issue(person: DoublePerson, scopes: string[], family: string | null): DoubleGrant {
    const seconds = family === null ? null : options.accessSeconds
    const grant: DoubleGrant = {
      access: random(),
      refresh: seconds === null ? null : random(),
      person,
      scopes,
      expiresAtMs: seconds === null ? null : Date.now() + seconds * 1000,
      isRevoked: false,
      family,
    }
    grants.push(grant)
    return grant
  }

  function revokeFamily(family: string): void {
    for (const grant of grants) if (grant.family === family) grant.isRevoked = true
  }

  return {
    all: grants as readonly DoubleGrant[],
    knowsClient: (id: unknown, secret: unknown): boolean => id === options.client.id && secret === options.client.secret,
    /** A personal token. */
    give: (person: DoublePerson, scopes: string[] = ['api']): string => issue(person, scopes, null).access,
    consent(input: { person: DoublePerson; redirect: string; challenge: string | null; scopes: string[] }): string {
      const code = random()
      codes.set(code, { ...input, family: random(), isUsed: false })
      return code
    },
    mayRedirectTo: (address: string): boolean => options.redirectAddresses().includes(address),
    exchange(input: { code: unknown; redirect: unknown; verifier: unknown }): GrantAnswer {
      const code = codes.get(String(input.code))
      if (code === undefined) return { ok: false, error: 'invalid_grant' }
      if (code.isUsed) {
        revokeFamily(code.family)
        return { ok: false, error: 'invalid_grant' }
      }
      code.isUsed = true
      if (input.redirect !== code.redirect) return { ok: false, error: 'invalid_grant' }
      if (options.usesPkce && challengeOf(String(input.verifier ?? '')) !== code.challenge) return { ok: false, error: 'invalid_grant' }
      return { ok: true, grant: issue(code.person, code.scopes, code.family) }
    },
    refresh(token: unknown): GrantAnswer {
      const old = grants.find(({ refresh }) => refresh !== null && refresh === token)
      if (old === undefined || old.family === null) return { ok: false, error: 'invalid_grant' }
      if (old.isRevoked) {
        revokeFamily(old.family)
        return { ok: false, error: 'invalid_grant' }
      }
      old.isRevoked = true
      return { ok: true, grant: issue(old.person, old.scopes, old.family) }
    },
    issue: (person: DoublePerson): DoubleGrant => issue(person, [], random()),
    /** Whose access token it is, if it counts now. */
    find: (access: string): DoubleGrant | null =>
      grants.find((grant) => grant.access === access && !grant.isRevoked && (grant.expiresAtMs ?? Infinity) > Date.now()) ?? null,
    revoke(token: unknown): boolean {
      const grant = grants.find(({ access, refresh }) => token === access || (refresh !== null && token === refresh))
      if (grant === undefined) return false
      if (grant.family !== null) revokeFamily(grant.family)
      grant.isRevoked = true
      return true
    },
    /** As the person does it at the provider. */
    revokeAll: (login: string): void => {
      for (const grant of grants) if (grant.person.login === login) grant.isRevoked = true
    },
    expireAll: (): void => {
      for (const grant of grants) if (grant.expiresAtMs !== null) grant.expiresAtMs = Date.now() - 1
    },
  }
}

export type Grants = ReturnType<typeof openGrants>

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
