// Keeps what Node made of our modules beside the packages they belong to, so that the next start reads it instead of doing it again.
// Not in the common temporary folder: whoever can write the cache decides what runs. Where the folder cannot be written, nothing is kept.

import { enableCompileCache } from 'node:module'

enableCompileCache(new URL('../../../node_modules/.slipway/compile-cache', import.meta.url).pathname)
