'use client'

import { Choice } from '../controls/choice.tsx'
import { preferencesOf, useChangePreferences, useMe } from '../identity/use-me.ts'
import { modes } from '../composer/modes.ts'
import { ErrorLine } from '../states/error-state.tsx'
import { Block } from './block.tsx'
import { DoctorFindings } from './doctor-findings.tsx'
import { SandboxChoice } from './sandbox-choice.tsx'

export function SandboxSection() {
  const { data: me } = useMe()
  const change = useChangePreferences()
  const preferences = preferencesOf(me)
  return (
    <>
      <Block title="Your sessions" note="What the composer begins with; each session can take another.">
        <SandboxChoice />
      </Block>
      <Block title="Mode">
        <Choice
          label="Mode"
          isLabelHidden
          value={preferences.autonomy ?? 'plan'}
          options={modes.map(({ value, name, hint }) => ({ value, name, hint }))}
          isSaving={change.isPending}
          onChange={(autonomy) => change.mutate({ autonomy })}
        />
        {change.isError && <ErrorLine error={change.error} />}
      </Block>
      {me?.role === 'administrator' && (
        <Block title="This machine" note="What the server found when it looked at itself, and what to type where something is missing.">
          <DoctorFindings />
        </Block>
      )}
    </>
  )
}
