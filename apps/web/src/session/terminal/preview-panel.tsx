'use client'

/** Made elsewhere. */
export function PreviewPanel() {
  return null
}
