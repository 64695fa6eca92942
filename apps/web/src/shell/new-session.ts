/** To the composer: at once where it is on the page. */
export function newSession(go: (href: string) => void): void {
  const composer = document.querySelector<HTMLElement>('#composer')
  if (composer === null) go('/?focus=composer')
  else composer.focus()
}
