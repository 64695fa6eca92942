// The services that people connect: where they are, how Slipway is known to them, and accounts from the environment.

import type { Secret } from '@slipway/core/secret'
import type { Values } from './variables.ts'

export interface OAuthClient {
  clientId: string
  clientSecret: Secret
}

export interface ServiceSettings {
  /** Change requests that are followed without a webhook. */
  follow: { everyMs: number }
  github: {
    url: string
    apiUrl: string
    token: Secret | null
    clientId: string | null
    /** null: nobody connects in a browser; the device flow needs none. */
    clientSecret: Secret | null
    app: { id: string; privateKey: Secret } | null
    webhookSecret: Secret | null
  }
  gitlab: { url: string; token: Secret | null; oauth: OAuthClient | null; webhookSecret: Secret | null }
  notion: { apiUrl: string; token: Secret | null; oauth: OAuthClient | null; pollMs: number; webhookSecret: Secret | null }
  vercel: {
    url: string
    apiUrl: string
    token: Secret | null
    /** Of the token; null: what Vercel takes by itself. */
    teamId: string | null
    oauth: (OAuthClient & { integration: string }) | null
    webhookSecret: Secret | null
  }
}

export function serviceSettingsFrom(values: Values): ServiceSettings {
  const app = values.GITHUB_APP_ID
  const key = values.GITHUB_APP_PRIVATE_KEY
  const vercel = clientOf(values.VERCEL_CLIENT_ID, values.VERCEL_CLIENT_SECRET)
  const integration = values.VERCEL_INTEGRATION
  return {
    follow: { everyMs: values.SLIPWAY_FOLLOW_SECONDS * 1_000 },
    github: {
      url: values.GITHUB_URL,
      apiUrl: values.GITHUB_API_URL,
      token: values.GITHUB_TOKEN,
      clientId: values.GITHUB_CLIENT_ID,
      clientSecret: values.GITHUB_CLIENT_SECRET,
      app: app === null || key === null ? null : { id: String(app), privateKey: key },
      webhookSecret: values.GITHUB_APP_WEBHOOK_SECRET,
    },
    gitlab: {
      url: values.GITLAB_URL,
      token: values.GITLAB_TOKEN,
      oauth: clientOf(values.GITLAB_CLIENT_ID, values.GITLAB_CLIENT_SECRET),
      webhookSecret: values.GITLAB_WEBHOOK_SECRET,
    },
    notion: {
      apiUrl: values.NOTION_API_URL,
      token: values.NOTION_TOKEN,
      oauth: clientOf(values.NOTION_CLIENT_ID, values.NOTION_CLIENT_SECRET),
      pollMs: values.SLIPWAY_NOTION_POLL_SECONDS * 1_000,
      webhookSecret: values.NOTION_WEBHOOK_SECRET,
    },
    vercel: {
      url: values.VERCEL_URL,
      apiUrl: values.VERCEL_API_URL,
      token: values.VERCEL_TOKEN,
      teamId: values.VERCEL_TEAM_ID,
      oauth: vercel === null || integration === null ? null : { ...vercel, integration },
      webhookSecret: values.VERCEL_WEBHOOK_SECRET,
    },
  }
}

/** Variables that mean nothing alone. */
const belongTogether = [
  ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
  ['GITLAB_CLIENT_ID', 'GITLAB_CLIENT_SECRET'],
  ['NOTION_CLIENT_ID', 'NOTION_CLIENT_SECRET'],
  ['VERCEL_CLIENT_ID', 'VERCEL_CLIENT_SECRET'],
  ['VERCEL_CLIENT_ID', 'VERCEL_INTEGRATION'],
  ['GITHUB_APP_ID', 'GITHUB_APP_PRIVATE_KEY'],
  ['SMTP_URL', 'MAIL_FROM'],
] as const

export function missingHalves(environment: Record<string, string | undefined>): string[] {
  const isSet = (name: string): boolean => Boolean(environment[name]?.trim())
  return belongTogether.flatMap(([one, other]) => {
    if (isSet(one) === isSet(other)) return []
    const [set, missing] = isSet(one) ? [one, other] : [other, one]
    return [`${set} must come with ${missing}. Set both or neither.`]
  })
}

function clientOf(clientId: string | null, clientSecret: Secret | null): OAuthClient | null {
  return clientId === null || clientSecret === null ? null : { clientId, clientSecret }
}
