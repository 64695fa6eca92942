'use client'

import { useTheme } from 'next-themes'
import { Choice } from '../controls/choice.tsx'
import { useHydrated } from '../routing/use-hydrated.ts'
import { Block } from './block.tsx'

const THEMES = [
  { value: 'system', name: 'As the system', hint: 'Light or dark with your device.' },
  { value: 'light', name: 'Light' },
  { value: 'dark', name: 'Dark' },
] as const

export function AppearanceSection() {
  const { theme, setTheme } = useTheme()
  const isHydrated = useHydrated()
  const current = THEMES.find(({ value }) => value === theme)?.value ?? 'system'
  return (
    <Block title="Theme" note="Kept in this browser. Movement follows your device’s setting for reduced motion.">
      <Choice label="Theme" isLabelHidden value={isHydrated ? current : 'system'} options={THEMES} onChange={setTheme} />
    </Block>
  )
}
