'use client'

import type { AnswerOf } from '../../api/client.ts'
import type { sessionSafety } from '@slipway/server/contract/workbench-routes'
import { modeOf, modes } from '../../composer/modes.ts'
import { Choice } from '../../controls/choice.tsx'
import { Section } from '../safety/safety-parts.tsx'
import { useSessionAccess, useSessionView } from '../session-hooks.ts'
import { useMode } from './use-mode.ts'

/** How much waits for a person, to be changed at any time. */
export function ModeSection({ safety }: { safety: Pick<AnswerOf<typeof sessionSafety>, 'autonomy' | 'meaning'> }) {
  const { may } = useSessionAccess()
  if (may === 'act') return <ChangeMode />
  return (
    <Section title="Mode">
      <p className="font-medium">{modeOf(safety.autonomy).name}</p>
      <p className="mt-0.5 text-muted">{safety.meaning}</p>
    </Section>
  )
}

function ChangeMode() {
  const { mode, isSaving, choose } = useMode()
  const isAsked = useSessionView().data?.ask != null
  return (
    <Section title="Mode">
      <Choice
        label="Mode"
        isLabelHidden
        value={modeOf(mode).value}
        options={modes.map(({ value, name, hint }) => ({ value, name, hint }))}
        isSaving={isSaving}
        onChange={choose}
      />
      <p className="mt-1.5 text-xs text-muted">
        A change counts from the next step on.{isAsked && ' The open question still waits for your answer.'}
      </p>
    </Section>
  )
}
