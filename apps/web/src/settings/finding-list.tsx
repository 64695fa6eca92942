import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { CopyBlock } from '../board/no-features.tsx'
import { CopyButton } from '../session/conversation/copy-button.tsx'
import { partsOf } from './fix-parts.ts'
import type { Finding } from './use-doctor.ts'

const KINDS = {
  fail: { icon: CircleX, tone: 'text-danger-text', name: 'Does not work' },
  warn: { icon: TriangleAlert, tone: 'text-warning-text', name: 'Works, but' },
  ok: { icon: CircleCheck, tone: 'text-success-text', name: 'Works' },
}
const WORST_FIRST = ['fail', 'warn', 'ok'] as const

/** What works and what does not, troubles first, each with its cause and what to type. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  const ordered = WORST_FIRST.flatMap((state) => findings.filter((finding) => finding.state === state))
  return (
    <ul className="divide-y divide-separator rounded-lg border border-border bg-surface">
      {ordered.map((finding) => (
        <FindingRow key={`${finding.name} ${finding.summary}`} finding={finding} />
      ))}
    </ul>
  )
}

function FindingRow({ finding: { name, state, summary, cause, fix } }: { finding: Finding }) {
  const kind = KINDS[state]
  return (
    <li className="flex items-start gap-2 px-3 py-2.5">
      <kind.icon aria-label={kind.name} className={`mt-0.5 size-4 shrink-0 ${kind.tone}`} />
      <div className="min-w-0 flex-1">
        <p className="text-sm break-words">
          <span className="font-medium">{name}:</span> {summary}
        </p>
        {cause !== null && <p className="mt-0.5 text-xs break-words text-muted">{cause}</p>}
        {fix !== null && <Fix name={name} fix={fix} />}
      </div>
    </li>
  )
}

function Fix({ name, fix }: { name: string; fix: string }) {
  const parts = partsOf(fix)
  if (parts.every(({ isCommand }) => isCommand)) return <CopyBlock text={fix} name={`what to type for ${name}`} />
  return (
    <p className="mt-1 text-xs leading-6 break-words">
      {parts.map(({ text, isCommand }) => (isCommand ? <Command key={text} text={text} /> : text))}
    </p>
  )
}

function Command({ text }: { text: string }) {
  return (
    <span className="inline-flex max-w-full items-center rounded bg-surface-secondary pl-1.5 align-middle">
      <code className="min-w-0 font-mono leading-5 break-words">{text}</code>
      <CopyButton text={text} label={`Copy ${text}`} className="shrink-0" />
    </span>
  )
}
