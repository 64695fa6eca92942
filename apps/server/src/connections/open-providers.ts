import type { ProviderName } from '@slipway/core/accounts'
import type { ServiceSettings } from '../settings/service-settings.ts'
import type { AskProvider } from './ask-provider.ts'
import type { Provider } from './provider.ts'
import { githubProvider } from './providers/github.ts'
import { gitlabProvider } from './providers/gitlab.ts'
import { notionProvider } from './providers/notion.ts'
import { vercelProvider } from './providers/vercel.ts'

export type Providers = Record<ProviderName, Provider>

export const providerNames = ['github', 'gitlab', 'notion', 'vercel'] as const satisfies ProviderName[]

export function openProviders(settings: ServiceSettings, ask: AskProvider, now: () => number): Providers {
  return {
    github: githubProvider(settings.github, ask, now),
    gitlab: gitlabProvider(settings.gitlab, ask, now),
    notion: notionProvider(settings.notion, ask, now),
    vercel: vercelProvider(settings.vercel, ask, now),
  }
}
