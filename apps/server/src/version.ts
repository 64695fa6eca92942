// The version of the product, from the one place that has it.

import { readFileSync } from 'node:fs'

/** Of the package this file belongs to; all packages of a release share it. */
export function productVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  return version
}
