'use client'

/** Made elsewhere. */
export function FilesPanel() {
  return null
}
