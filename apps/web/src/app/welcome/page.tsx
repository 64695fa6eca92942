import type { Metadata } from 'next'
import { WelcomePage } from '../../welcome/welcome-page.tsx'

export const metadata: Metadata = { title: 'Set up · Slipway' }

export default function WelcomeRoute() {
  return <WelcomePage />
}
