'use client'

import { usePathname } from 'next/navigation'
import { useHydrated } from './use-hydrated.ts'

/** The id in `/sessions/<id>`; null in the exported page, which belongs to no session. */
export function useSessionId(): string | null {
  return useSegment('sessions')
}

/** The id in `/plans/<id>`. */
export function usePlanId(): string | null {
  return useSegment('plans')
}

/** The token in `/shared/<token>`. */
export function useShareToken(): string | null {
  return useSegment('shared')
}

function useSegment(before: string): string | null {
  const pathname = usePathname()
  const isHydrated = useHydrated()
  if (!isHydrated) return null
  const [, first, second] = pathname.split('/')
  return first === before && second !== undefined && second !== '' ? decodeURIComponent(second) : null
}
