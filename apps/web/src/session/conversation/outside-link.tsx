import type { ReactNode } from 'react'
import { destinationOf, safeUrl } from './safe-url.ts'

/** A link out of somebody else's text: it says where it leads, and the page it opens learns nothing of ours. */
export function OutsideLink({ href, children }: { href: unknown; children: ReactNode }) {
  const url = safeUrl(href)
  if (url === null) return <span>{children}</span>
  const isNamed = typeof children === 'string' && children.includes(url.host)
  return (
    <a
      href={url.href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={url.href}
      className="text-accent-text underline decoration-border-strong underline-offset-2 hover:decoration-current"
    >
      {children}
      {!isNamed && <span className="ml-1 text-xs text-muted">({destinationOf(url)})</span>}
    </a>
  )
}
