// Where the command line begins. Node's work on our modules is kept beside the packages, so that the next start reads it: plain
// JavaScript here, because Node would load its TypeScript reader for this file alone.
// Not in the common temporary folder: whoever can write the cache decides what runs. Where the folder cannot be written, nothing is kept.

import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Under a umask of 0, everybody on the machine could rewrite the tools of sandboxes and the copies of repositories.
process.umask(process.umask() | 0o002)
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.slipway/compile-cache', import.meta.url)))
await import('./main.ts')
