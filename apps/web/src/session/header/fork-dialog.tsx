'use client'

import { useMutation } from '@tanstack/react-query'
import type { forkSession } from '@slipway/server/contract/session-routes'
import { shortModel } from '@slipway/core/text/short-model'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { useModelChoices } from '../../composer/use-choices.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { SelectField } from '../../controls/select-field.tsx'
import { ErrorLine } from '../../states/error-state.tsx'
import { useMoment } from '../moment.ts'
import { useSessionStore, type PageView } from '../session-hooks.ts'

/** A new session that goes on from the shown moment, with another model if one likes. */
export function ForkDialog({ view, onClose }: { view: PageView; onClose: () => void }) {
  const store = useSessionStore()
  const { at } = useMoment()
  const router = useRouter()
  const [model, setModel] = useState(view.model)
  const choices = useModelChoices()
  const fork = useMutation({
    mutationFn: () =>
      call<typeof forkSession>('POST /sessions/:id/fork', {
        params: { id: store.sessionId },
        body: { atSeq: at === 'now' ? store.getHead() : at, ...(model === view.model ? {} : { model }) },
      }),
    onSuccess: (forked) => router.push(`/sessions/${forked.id}`),
  })
  const others = (choices.data?.models ?? []).filter((choice) => choice.model !== view.model)
  return (
    <Dialog
      title="Fork this session"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={fork.isPending} onClick={() => fork.mutate()}>
            {fork.isPending ? 'Forking' : 'Fork'}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-sm text-muted">
        A new session begins with everything up to {at === 'now' ? 'now' : `event ${at}`}, and with the work tree of that moment. This one
        stays as it is.
      </p>
      <SelectField
        label="Model"
        value={model}
        onChange={(event) => setModel(event.target.value)}
        hint="What it costs counts for the new session."
      >
        <option value={view.model}>{shortModel(view.model)} (the same)</option>
        {others.map((choice) => (
          <option key={choice.model} value={choice.model} disabled={!choice.isReady}>
            {shortModel(choice.model)}
            {choice.isReady ? '' : `: ${choice.need ?? 'not ready'}`}
          </option>
        ))}
      </SelectField>
      {choices.isError && <ErrorLine error={choices.error} />}
      {fork.isError && <ErrorLine error={fork.error} />}
    </Dialog>
  )
}
