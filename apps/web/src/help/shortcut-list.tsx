'use client'

import { Dialog } from '../controls/dialog.tsx'
import { Keys } from '../shortcuts/keys.tsx'
import { useRegisteredShortcuts, type Shortcut } from '../shortcuts/shortcuts.ts'

const GROUPS: readonly Shortcut['group'][] = ['Anywhere', 'Sessions', 'Session', 'Go to']

/** Every key that does something on this page, as it is registered right now. */
export function ShortcutList({ onClose }: { onClose(): void }) {
  const shortcuts = useRegisteredShortcuts()
  return (
    <Dialog title="Keyboard shortcuts" width="lg" onClose={onClose}>
      <div className="gap-x-10 sm:columns-2">
        {GROUPS.map((group) => {
          const own = shortcuts.filter((shortcut) => shortcut.group === group)
          if (own.length === 0) return null
          return (
            <section key={group} className="mb-5 break-inside-avoid">
              <h3 className="mb-1 text-xs font-medium text-muted">{group === 'Session' ? 'In this session' : group}</h3>
              <dl>
                {own.map(({ keys, name }) => (
                  <div
                    key={keys}
                    className="flex items-center justify-between gap-4 border-b border-separator py-1.5 text-sm last:border-0"
                  >
                    <dt>{name}</dt>
                    <dd>
                      <Keys keys={keys} />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        })}
      </div>
    </Dialog>
  )
}
