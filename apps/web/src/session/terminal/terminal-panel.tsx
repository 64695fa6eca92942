'use client'

/** Made elsewhere. */
export function TerminalPanel() {
  return null
}
