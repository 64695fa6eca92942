// Where the command line begins. Node's work on our modules is kept beside the packages, so that the next start reads it: plain
// JavaScript here, because Node would load its TypeScript reader for this file alone.
// Not in the common temporary folder: whoever can write the cache decides what runs. Where the folder cannot be written, nothing is kept.

import { enableCompileCache } from 'node:module'

enableCompileCache(new URL('../../../node_modules/.slipway/compile-cache', import.meta.url).pathname)
await import('./main.ts')
