import { expect, test, vi } from 'vitest'
import { makePacedScreen } from './paced-writes.ts'

/** A terminal that says that a text is on it when it is let go on. */
function open() {
  const seen: string[] = []
  let held: (() => void)[] = []
  const screen = makePacedScreen({
    write(text, onWritten) {
      if (text !== '') seen.push(text)
      if (onWritten !== undefined) held.push(onWritten)
    },
    reset: () => void seen.push('(reset)'),
  })
  function goOn(): void {
    const written = held
    held = []
    for (const tell of written) tell()
  }
  return { screen, seen, goOn }
}

const long = Array.from({ length: 5_000 }, (_, line) => `line ${line}\r\n`).join('')

test('what is printed live is written at once', () => {
  const { screen, seen } = open()
  screen.write('one')
  expect(seen).toEqual(['one'])
})

test('much is written in pieces, each once the one before is on the screen, and nothing of it is lost', async () => {
  const { screen, seen, goOn } = open()
  let isWritten = false
  screen.write(long, () => (isWritten = true))
  screen.write('end')
  await new Promise((resolve) => setTimeout(resolve))
  expect(seen).toHaveLength(1)
  expect(long.length / (seen[0]?.length ?? 0)).toBeGreaterThan(4)
  await vi.waitUntil(() => {
    expect(isWritten && !seen.join('').includes(long)).toBe(false)
    goOn()
    return seen.at(-1) === 'end'
  })
  expect(seen.join('')).toBe(`${long}end`)
  expect(isWritten).toBe(true)
})

test('what waits when the terminal is emptied never comes, and what is on its way comes before', async () => {
  const { screen, seen, goOn } = open()
  screen.write('old')
  screen.write(long)
  screen.reset()
  screen.write('new')
  expect(seen).toEqual(['old'])
  await vi.waitUntil(() => {
    goOn()
    return seen.at(-1) === 'new'
  })
  expect(seen).toEqual(['old', '(reset)', 'new'])
})

test('nothing is written into a terminal that is closed', async () => {
  const { screen, seen, goOn } = open()
  screen.write('old')
  screen.write(long)
  screen.close()
  goOn()
  await new Promise((resolve) => setTimeout(resolve))
  screen.write('late')
  expect(seen).toEqual(['old'])
})
