'use client'

/** Made elsewhere. */
export function SafetyPanel() {
  return null
}
