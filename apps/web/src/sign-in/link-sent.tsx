import { Button, buttonClass } from '../controls/button.tsx'
import type { LinkAnswer } from './sign-in-api.ts'

/** After the link was made: where it is, or the link itself where only this machine can see it. */
export function LinkSent({ email, sent, onBack }: { email: string; sent: LinkAnswer; onBack(): void }) {
  return (
    <div className="mt-4" aria-live="polite">
      <p className="text-sm">
        {sent.shownLink === null ? 'A link was made for ' : 'Your link is ready, '}
        <strong className="font-medium break-all">{email}</strong>. It counts once, for ten minutes.
      </p>
      <p className="mt-2 text-sm text-muted">{sent.why}</p>
      {sent.shownLink !== null && (
        <a href={sent.shownLink} rel="noreferrer" className={`${buttonClass({ variant: 'primary' })} mt-4 w-full`}>
          Sign in
        </a>
      )}
      <Button variant="ghost" className="mt-2 w-full" onClick={onBack}>
        Use another address
      </Button>
    </div>
  )
}
