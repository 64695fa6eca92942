import { markOf } from './feature-status.ts'
import { addressOfBoard, type Board } from './use-board.ts'

/** The dependency graph in words. */
export function NeedsList({ board, onChoose }: { board: Board; onChoose(feature: string): void }) {
  const features = new Map(board.features.map((feature) => [feature.id, feature]))
  const link = (id: string) => (
    <a
      href={addressOfBoard({ repository: board.repository, view: 'columns', feature: id })}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        onChoose(id)
      }}
      className="inline-block min-h-6 break-words text-foreground underline decoration-border-strong underline-offset-2 hover:decoration-current"
    >
      {features.get(id)?.title ?? id}
    </a>
  )
  return (
    <ul aria-label="Features and what they need" className="divide-y divide-separator rounded-lg border border-border bg-surface">
      {board.features.map((feature) => {
        const { icon: Icon, name, tone } = markOf(feature)
        return (
          <li key={feature.id} className="flex items-start gap-2 px-3 py-2 text-sm">
            <Icon aria-label={name} className={`mt-0.5 size-4 shrink-0 ${tone}`} strokeWidth={1.75} />
            <div className="min-w-0">
              {link(feature.id)}
              <p className="text-xs text-muted">
                {feature.needs.length === 0 ? 'Needs nothing' : 'Needs '}
                {feature.needs.map((need, index) => (
                  <span key={need}>
                    {index > 0 && ', '}
                    {link(need)}
                  </span>
                ))}
              </p>
            </div>
          </li>
        )
      })}
    </ul>
  )
}
