// Google as somebody who signs in meets it: a real OIDC server that lets everybody in as whom the test says.

import { OAuth2Server } from 'oauth2-mock-server'

export interface GoogleDouble {
  url: string
  /** What a server needs to send people there. */
  environment: Record<string, string>
  /** Who comes back next. */
  claims: Record<string, unknown>
  /** Nothing answers at its address, until it is started again. */
  stop(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

export async function startGoogleDouble(): Promise<GoogleDouble> {
  const google = new OAuth2Server()
  await google.issuer.keys.generate('RS256')
  await google.start(0, '127.0.0.1')
  const url = google.issuer.url ?? ''
  const { port } = google.address()
  const double: GoogleDouble = {
    url,
    environment: {
      GOOGLE_CLIENT_ID: 'slipway',
      GOOGLE_CLIENT_SECRET: 'google-client-secret-0123456789',
      GOOGLE_ISSUER_URL: url,
    },
    claims: {},
    stop: () => google.stop(),
    start: () => google.start(port, '127.0.0.1'),
    close: () => google.stop(),
  }
  google.service.on('beforeTokenSigning', (token) => void Object.assign(token.payload, double.claims))
  google.service.on('beforeUserinfo', (answer) => void (answer.body = double.claims))
  return double
}
