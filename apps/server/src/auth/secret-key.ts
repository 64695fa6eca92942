// The installation's own key: cookies are signed and the audit is sealed with keys that are made from it.

import { hkdfSync } from 'node:crypto'
import type { Secret } from '@slipway/core/secret'
import { openSecretFile } from './secret-file.ts'

export interface SecretKey {
  /** Another key for each purpose; the same one every time. */
  for(purpose: 'cookies' | 'audit'): string
}

/** From the setting, or else from a file of the home folder. Processes on several machines need the setting. */
export async function openSecretKey(home: string, setting: Secret | null): Promise<SecretKey> {
  const master = setting?.reveal() ?? (await openSecretFile(home, 'secret-key'))
  return { for: (purpose) => Buffer.from(hkdfSync('sha256', master, '', `slipway ${purpose}`, 32)).toString('base64url') }
}
