import type { Metadata } from 'next'
import { SignInPage } from '../../sign-in/sign-in-page.tsx'

export const metadata: Metadata = { title: 'Sign in · Slipway' }

export default function SignInRoute() {
  return <SignInPage />
}
