'use client'

/** Made elsewhere. */
export function Timeline() {
  return null
}
