// A WebSocket whose request carries whatever headers a test wants.

import WebSocket from 'ws'

export function openTestSocket(url: string, headers: Record<string, string>): WebSocket {
  return new WebSocket(url, { headers })
}
