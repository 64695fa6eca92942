import type { PickerOption } from '../controls/picker-list.tsx'
import { splitModel } from './model-name.ts'
import { ProviderBadge } from './provider-badge.tsx'
import type { ModelChoice } from './use-choices.ts'

/** One model as a choice: whose it is, whether it has tools, and what is missing when it cannot be used. */
export function describeModel(choice: ModelChoice): PickerOption {
  const facts = [
    choice.hasTools === false ? 'no tools: it cannot work, only talk' : null,
    choice.hasPrice || choice.isScripted ? null : 'price not known',
    choice.isDefault ? 'used unless you choose' : null,
  ].filter((fact) => fact !== null)
  return {
    value: choice.model,
    name: <span className="font-mono text-xs">{splitModel(choice.model).name}</span>,
    hint: choice.isReady ? (facts.length === 0 ? undefined : facts.join(' · ')) : (choice.need ?? 'not set up on the server'),
    badge: (
      <span className="flex shrink-0 items-center gap-1">
        {choice.hasTools === true && <span className="rounded border border-border px-1 text-2xs text-muted">tools</span>}
        <ProviderBadge model={choice.model} />
      </span>
    ),
    group: choice.isReady ? 'Ready' : 'Needs a key',
    isDisabled: !choice.isReady,
  }
}
