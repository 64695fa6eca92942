import '../styles/globals.css'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { Providers } from './providers.tsx'

export const metadata: Metadata = {
  description: 'Takes a task, builds and tests it in a sandbox, and opens the pull request.',
  applicationName: 'Slipway',
  referrer: 'same-origin',
  manifest: '/manifest.webmanifest',
  icons: { icon: { url: '/icons/slipway.svg', type: 'image/svg+xml' }, apple: '/icons/apple-touch-icon.png' },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fafbfc' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1012' },
  ],
}

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en-GB" suppressHydrationWarning>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  )
}
