'use client'

/** Made elsewhere. */
export function DiffPanel() {
  return null
}
