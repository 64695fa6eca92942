'use client'

import dynamic from 'next/dynamic'
import { SkeletonRows } from '../states/skeleton.tsx'

const load = () => import('./picker-list.tsx')

/** Fetches the picker before it is opened. */
export function preloadPicker(): void {
  void load()
}

/** A list to choose from, by arrow keys or typing; its code comes when it is needed. */
export const Picker = dynamic(() => load().then(({ PickerList }) => PickerList), {
  ssr: false,
  loading: () => <SkeletonRows rows={3} label="the choices" />,
})
