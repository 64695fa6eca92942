// The bearer token of the home folder: whoever can read it is the person of the command line.

import { createHash, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { openSecretFile } from '../auth/secret-file.ts'

const NAME = 'api-token'

/** Where the token of this home lies. */
export function apiTokenPath(home: string): string {
  return join(home, NAME)
}

/** Reads the home's token, creating it when it is missing. Several processes may do this at once: all get the same token. */
export function openApiToken(home: string): Promise<string> {
  return openSecretFile(home, NAME)
}

/** Compares in constant time, whatever the lengths. */
export function isSameToken(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected))
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
