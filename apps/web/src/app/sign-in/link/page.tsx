import type { Metadata } from 'next'
import { MailedLinkPage } from '../../../sign-in/mailed-link-page.tsx'

export const metadata: Metadata = { title: 'Sign in · Slipway' }

export default function MailedLinkRoute() {
  return <MailedLinkPage />
}
