// The dependency rule as data: which part may import which. Everything else is refused by the linter.

const mayImport = {
  core: [],
  git: ['core'],
  agent: ['core'],
  sandbox: ['core'],
  store: ['core'],
  airlock: ['core', 'git'],
  connectors: ['core', 'git'],
} as const satisfies Record<string, readonly string[]>

export type Part = keyof typeof mayImport

export const parts = Object.keys(mayImport) as Part[]

/** Packages that `core` may use: computation only, on every runtime. */
export const purePackages = ['@noble/hashes']

/** The parts, and the apps, that a part must not know of. */
export function forbiddenFor(part: Part): string[] {
  const allowed: readonly string[] = mayImport[part]
  return [...parts.filter((other) => other !== part && !allowed.includes(other)), 'server', 'cli', 'web']
}

/** What the web application may import of ours: pure code, and of the server the types of its contract. */
export const webMayImport = { code: '@slipway/core/', types: '@slipway/server/contract/' }
