'use client'

import { Chip } from '../controls/chip.tsx'
import { Picker, preloadPicker } from '../controls/picker.tsx'
import { type Mode, modeOf, modes } from './modes.ts'

interface ModeChipProps {
  value: Mode['value'] | null
  onChoose(value: Mode['value']): void
  /** Its name is left to screen readers where the window is narrow. */
  isShort?: boolean
}

/** How much happens without a person. */
export function ModeChip({ value, onChoose, isShort = false }: ModeChipProps) {
  const current = modeOf(value)
  return (
    <Chip
      icon={current.icon}
      label="Mode"
      value={isShort ? <span className="max-sm:sr-only">{current.name}</span> : current.name}
      onNear={preloadPicker}
    >
      {(close) => (
        <Picker
          label="Mode"
          value={value}
          options={modes.map(({ value, name, hint }) => ({ value, name, hint }))}
          onChoose={(chosen) => {
            onChoose(chosen as Mode['value'])
            close()
          }}
        />
      )}
    </Chip>
  )
}
