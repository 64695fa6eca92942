import type { Metadata } from 'next'
import { WelcomePage } from '../../welcome/welcome-page.tsx'

export const metadata: Metadata = { title: 'Set up' }

export default function WelcomeRoute() {
  return <WelcomePage />
}
