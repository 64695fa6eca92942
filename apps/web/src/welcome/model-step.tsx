'use client'

import { useModelChoices } from '../composer/use-choices.ts'
import { Choice } from '../controls/choice.tsx'
import { preferencesOf, useChangePreferences, useMe } from '../identity/use-me.ts'
import { Block } from '../settings/block.tsx'
import { CheckModel } from '../settings/check-model.tsx'
import { ErrorLine, ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'

/** Models that are ready, or how to make one ready. */
export function ModelStep() {
  const { data: me } = useMe()
  const choices = useModelChoices()
  const change = useChangePreferences()
  if (choices.isPending) return <SkeletonRows rows={3} label="the models" />
  if (choices.isError) return <ErrorState error={choices.error} onRetry={() => void choices.refetch()} />
  const ready = choices.data.models.filter(({ isReady }) => isReady)
  return (
    <>
      {ready.length === 0 ? (
        <div className="mb-6 rounded-lg border border-border bg-surface px-4 py-3 text-sm">
          <p className="font-medium">No model is set up yet</p>
          <p className="mt-1 text-muted">
            Keys stay on the server, out of this browser. Set one of these where Slipway starts, then start it again; or start an Ollama
            with a model that has tools. The sample runs without any: it plays a script.
          </p>
          <pre className="mt-2 overflow-x-auto rounded bg-surface-secondary px-2.5 py-2 font-mono text-xs" tabIndex={0}>
            {'export ANTHROPIC_API_KEY=…\nexport OPENAI_API_KEY=…\nexport GOOGLE_GENERATIVE_AI_API_KEY=…'}
          </pre>
        </div>
      ) : (
        <div className="mb-6">
          <Choice
            label="Model"
            isLabelHidden
            value={preferencesOf(me).model ?? ready.find(({ isDefault }) => isDefault)?.model ?? ''}
            options={ready.map(({ model, hasTools, hasPrice, isScripted }) => ({
              value: model,
              name: model,
              hint:
                [
                  isScripted ? 'a script: free, and always the same' : null,
                  hasTools === false ? 'has no tools, so it can talk but not work' : null,
                  hasPrice || isScripted ? null : 'its price is not known here',
                ]
                  .filter((fact) => fact !== null)
                  .join(' · ') || undefined,
            }))}
            onChange={(model) => change.mutate({ model })}
          />
          {change.isError && <ErrorLine error={change.error} />}
        </div>
      )}
      <Block title="Test a model" note="Asks its provider whether it would answer; nothing is spent.">
        <CheckModel />
      </Block>
    </>
  )
}
