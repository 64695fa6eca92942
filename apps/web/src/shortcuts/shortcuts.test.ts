// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest'
import { closeOverlay, openOverlay } from '../shell/overlays.ts'
import { listenForShortcuts, registerShortcuts, type Shortcut } from './shortcuts.ts'

let done: string[]
let stop: (() => void)[]
beforeEach(() => {
  done = []
  document.body.innerHTML = '<input id="text"><input id="check" type="checkbox"><dialog open><button id="inside"></button></dialog>'
  stop = [registerShortcuts([on('mod+k'), on('?'), on('g s'), on('s')]), listenForShortcuts()]
})
afterEach(() => {
  for (const end of stop) end()
})

function on(keys: string): Shortcut {
  return { keys, name: keys, group: 'Anywhere', run: () => void done.push(keys) }
}
function press(key: string, more: KeyboardEventInit = {}, target: Element = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  target.dispatchEvent(event)
  return event
}
const byId = (id: string): Element => document.querySelector(`#${id}`) ?? document.body

test('single keys, pairs and keys with Ctrl or ⌘ do what they are registered for', () => {
  press('?', { shiftKey: true })
  press('g')
  press('s')
  press('s')
  press('k', { ctrlKey: true })
  press('K', { metaKey: true })
  expect(done).toEqual(['?', 'g s', 's', 'mod+k', 'mod+k'])
})

test('what is typed is text, but Ctrl and ⌘ still count; check boxes take no text', () => {
  press('s', {}, byId('text'))
  press('s', {}, byId('inside'))
  press('k', { ctrlKey: true }, byId('text'))
  press('s', {}, byId('check'))
  press('s', { altKey: true })
  press('s', { isComposing: true })
  expect(done).toEqual(['mod+k', 's'])
})

test('while something is being opened over the page, its keys rest', () => {
  openOverlay('palette')
  for (const key of ['?', 'g', 's']) press(key)
  closeOverlay()
  press('?')
  expect(done).toEqual(['?'])
})

test('a key that is used is kept from the browser, others are not', () => {
  expect(press('k', { ctrlKey: true }).defaultPrevented).toBe(true)
  expect(press('l', { ctrlKey: true }).defaultPrevented).toBe(false)
})

test('what was registered last wins, and gives back when it goes', () => {
  const end = registerShortcuts([{ ...on('s'), run: () => void done.push('later') }])
  press('s')
  end()
  press('s')
  expect(done).toEqual(['later', 's'])
})
