// The pages are a static export that the API process serves. In development, `dev.ts` puts the same API in front of `next dev`.

import { resolve } from 'node:path'
import type { NextConfig } from 'next'
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js'

export default function config(phase: string): NextConfig {
  return {
    // With `export` the development server would refuse session ids that were not known when it started.
    ...(phase === PHASE_DEVELOPMENT_SERVER ? {} : { output: 'export' as const }),
    // So that several people can develop in one checkout.
    ...(process.env['NEXT_DIST_DIR'] === undefined ? {} : { distDir: process.env['NEXT_DIST_DIR'] }),
    reactStrictMode: true,
    poweredByHeader: false,
    devIndicators: false,
    transpilePackages: ['@slipway/core'],
    turbopack: {
      root: resolve(import.meta.dirname, '../..'),
      resolveAlias: { 'shiki/langs': './src/session/diff/languages.ts' },
    },
    // `scripts/lint.ts` checks the types, with a compiler that Next does not know.
    typescript: { ignoreBuildErrors: true },
  }
}
