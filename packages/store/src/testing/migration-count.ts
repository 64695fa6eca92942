import { readdirSync } from 'node:fs'

/** How many migrations this version has, counted from their files. */
export const migrationCount = readdirSync(new URL('../migrations/', import.meta.url)).filter((name) => name.endsWith('.sql')).length
