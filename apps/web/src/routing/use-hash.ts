'use client'

import { useSyncExternalStore } from 'react'
import { onAddressChange } from './on-address-change.ts'

/** What stands after `#` in the address. */
export function useHash(): string {
  return useSyncExternalStore(
    onAddressChange,
    () => window.location.hash.slice(1),
    () => '',
  )
}
