/** A sentence of the product, in which what stands between backticks is code. Nothing else in it has a meaning. */
export function WithCode({ text }: { text: string }) {
  return text.split(/(`[^`\n]+`)/).map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      <code key={at} className="rounded bg-default px-1 py-px font-mono text-[0.92em] break-words">
        {part.slice(1, -1)}
      </code>
    ),
  )
}
