// The installation's own key: cookies are signed, the audit is sealed and stored tokens are enveloped with keys that are made from it.

import { hkdfSync } from 'node:crypto'
import type { Secret } from '@slipway/core/secret'
import { openSecretFile } from './secret-file.ts'

export type KeyPurpose = 'cookies' | 'audit' | 'stored secrets'

export interface SecretKey {
  /** Another key for each purpose; the same one every time. */
  for(purpose: KeyPurpose): string
  /** The same for each key that was ever used, the present one first. */
  ring(purpose: KeyPurpose): string[]
}

/** From the setting, or else from a file of the home folder, one key a line. Processes on several machines need the setting. */
export async function openSecretKey(home: string, setting: Secret[] | null): Promise<SecretKey> {
  const masters = setting?.map((key) => key.reveal()) ?? (await openSecretFile(home, 'secret-key')).split(/\s+/)
  const [present = ''] = masters
  return {
    for: (purpose) => derive(present, purpose),
    ring: (purpose) => masters.map((master) => derive(master, purpose)),
  }
}

function derive(master: string, purpose: KeyPurpose): string {
  return Buffer.from(hkdfSync('sha256', master, '', `slipway ${purpose}`, 32)).toString('base64url')
}
