'use client'

import { Choice } from '../controls/choice.tsx'
import { preferencesOf, useChangePreferences, useMe } from '../identity/use-me.ts'
import { ErrorLine } from '../states/error-state.tsx'

const OPTIONS = [
  { value: 'best', name: 'Best available', hint: 'The strongest sandbox that passes its self-test on this server.' },
  { value: 'docker', name: 'Docker', hint: 'A container of its own with the image of this installation.' },
  { value: 'bubblewrap', name: 'Bubblewrap', hint: 'Linux namespaces: starts at once and uses the programs of the server.' },
] as const

/** Which sandbox this person’s sessions take unless they say otherwise; saved at once. */
export function SandboxChoice() {
  const { data: me } = useMe()
  const change = useChangePreferences()
  return (
    <>
      <Choice
        label="Sandbox"
        isLabelHidden
        value={preferencesOf(me).sandbox ?? 'best'}
        options={OPTIONS}
        isSaving={change.isPending}
        onChange={(value) => change.mutate({ sandbox: value === 'best' ? undefined : value })}
      />
      {change.isError && <ErrorLine error={change.error} />}
    </>
  )
}
