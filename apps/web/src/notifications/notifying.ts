// Whether this browser shows notifications: only once somebody asked for them here, and the browser allows it.

import { useSyncExternalStore } from 'react'
import { readStored, store } from '../stored/local.ts'

export type Notifying = 'on' | 'off' | 'refused' | 'impossible'

const KEY = 'notifications'
const listeners = new Set<() => void>()

function readNotifying(): Notifying {
  if (!('Notification' in window) || !window.isSecureContext) return 'impossible'
  if (Notification.permission === 'denied') return 'refused'
  return Notification.permission === 'granted' && readStored(KEY) === 'yes' ? 'on' : 'off'
}

/** Asks the browser's permission where it has to. */
export async function setNotifying(isOn: boolean): Promise<void> {
  if (isOn && Notification.permission === 'default') await Notification.requestPermission()
  store(KEY, isOn ? 'yes' : null)
  for (const listener of listeners) listener()
}

export function useNotifying(): Notifying {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    readNotifying,
    () => 'off',
  )
}
