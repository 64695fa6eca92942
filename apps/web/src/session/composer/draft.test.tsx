// @vitest-environment happy-dom

import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'
import { useDraft } from './draft.ts'

function Field() {
  const [text, setText] = useDraft('s1')
  return <input value={text} onChange={({ target }) => setText(target.value)} />
}

test('a field that appears holds what was typed before, and never anything else', async () => {
  window.localStorage.setItem('slipway.draft.s1', 'Use the other file')
  const place = document.body.appendChild(document.createElement('div'))
  const appeared = new Promise<string | undefined>((done) => {
    new MutationObserver(() => done(place.querySelector('input')?.value)).observe(place, { childList: true })
  })
  const root = createRoot(place)
  root.render(<Field />)
  expect(await appeared).toBe('Use the other file')
  root.unmount()
})
