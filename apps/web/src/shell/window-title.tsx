/** Title of the window. An element and not `document.title`, which a title that arrives late with the page would overwrite. One at a time. */
export function WindowTitle({ title }: { title: string }) {
  return <title>{`${title} · Slipway`}</title>
}
