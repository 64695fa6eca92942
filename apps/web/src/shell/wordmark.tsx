/** The mark (a hull on its slip) and the name. */
export function Wordmark() {
  return (
    <span className="flex items-center gap-2 px-1.5 font-semibold tracking-tight">
      <Mark className="size-4.5 text-accent-text" />
      Slipway
    </span>
  )
}

export function Mark({ className }: { className?: string }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 20 20"
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M2.5 8.5h15l-2.6 4.6a2 2 0 0 1-1.74 1H6.84a2 2 0 0 1-1.74-1z" />
      <path d="M10 8.5V2.5l4.5 3.6" />
      <path d="M2 17.5l16-1.2" />
    </svg>
  )
}
