import { splitModel } from './model-name.ts'

/** Whose model it is. */
export function ProviderBadge({ model }: { model: string }) {
  return <span className="shrink-0 rounded border border-border px-1 font-sans text-2xs text-muted">{splitModel(model).provider}</span>
}
