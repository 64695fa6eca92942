import type { Metadata } from 'next'
import Link from 'next/link'
import { Mark } from '../shell/wordmark.tsx'

export const metadata: Metadata = { title: 'Not found · Slipway' }

export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-6 text-center">
      <Mark className="mb-4 size-7 text-muted" />
      <h1 className="text-lg font-medium">There is no page at this address</h1>
      <p className="mt-1 max-w-sm text-sm text-muted">It may have been mistyped, or what was here is gone or belongs to somebody else.</p>
      <Link href="/" className="mt-4 text-sm font-medium text-accent-text hover:underline">
        Go to your sessions
      </Link>
    </main>
  )
}
