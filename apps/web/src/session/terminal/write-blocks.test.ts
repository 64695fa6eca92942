import { expect, test } from 'vitest'
import type { Block } from './blocks.ts'
import { plainOutput } from './clean-output.ts'
import { makeBlockWriter } from './write-blocks.ts'

function open() {
  let text = ''
  let resets = 0
  const heads: string[] = []
  const writer = makeBlockWriter({
    screen: {
      write(piece, onWritten) {
        text += piece
        onWritten?.()
      },
      reset() {
        text = ''
        resets++
      },
    },
    onHead: ({ key }) => heads.push(key),
    wholeOutputLine: (sha) => `whole ${sha}\r\n`,
  })
  return { writer, heads, resets: () => resets, seen: () => plainOutput(text).replaceAll(/ \d\d:\d\d:\d\d/g, '') }
}

const running = (key: string): Block => ({
  key,
  seq: 1,
  at: '2026-11-21T10:00:00.000Z',
  origin: 'agent',
  command: `run ${key}`,
  liveCallId: key,
  output: '',
  wholeSha: null,
  result: null,
})
const done = (key: string, output: string, wholeSha: string | null = null): Block => ({
  ...running(key),
  liveCallId: null,
  output,
  wholeSha,
  result: { isGood: true, text: 'exit code 0' },
})

test('live text is written as it grows, and its end without writing it again', () => {
  const { writer, seen, resets, heads } = open()
  writer.show([done('a', 'one')], () => '')
  writer.show([done('a', 'one'), running('b')], () => 'tw')
  writer.show([done('a', 'one'), running('b')], () => 'two\nthree\n')
  writer.show([done('a', 'one'), done('b', 'two\nthree')], () => '')
  expect(seen()).toBe('$ run a\none\nexit code 0\n\n$ run b\ntwo\nthree\nexit code 0\n\n')
  expect([resets(), heads]).toEqual([0, ['a', 'b']])
})

test('what was missed live comes from the log', () => {
  const { writer, seen, resets } = open()
  writer.show([running('a')], () => 'only the end')
  writer.show([done('a', 'the beginning, and only the end')], () => '')
  expect([seen(), resets()]).toEqual(['$ run a\nthe beginning, and only the end\nexit code 0\n\n', 1])
})

test('where the log has a part only, what was seen live stays, with a way to the whole', () => {
  const { writer, seen } = open()
  writer.show([running('a')], () => 'a long long output\n')
  writer.show([done('a', 'a long […]', 'f00')], () => '')
  expect(seen()).toBe('$ run a\na long long output\nwhole f00\nexit code 0\n\n')
})

test('live text stays although it is let go before the outcome comes, which brings what was printed last', () => {
  const { writer, seen, resets } = open()
  const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, at) => `line ${from + at}\n`).join('')
  writer.show([running('a')], () => lines(0, 90))
  writer.show([running('a')], () => '')
  writer.show([done('a', `${lines(0, 5)}[…]\n${lines(40, 100)}`, 'f00')], () => '')
  expect([seen(), resets()]).toEqual([`$ run a\n${lines(0, 100)}whole f00\nexit code 0\n\n`, 0])
})

test('a command that runs beside another one waits for its turn', () => {
  const { writer, seen } = open()
  writer.show([running('a'), running('b')], (callId) => `${callId}!`)
  expect(seen()).toBe('$ run a\na!')
  writer.show([done('a', 'a!'), running('b')], (callId) => `${callId}!`)
  expect(seen()).toBe('$ run a\na!\nexit code 0\n\n$ run b\nb!')
})

test('another moment is written from the beginning', () => {
  const { writer, seen } = open()
  writer.show([done('a', 'one'), done('b', 'two')], () => '')
  writer.show([done('a', 'one')], () => '')
  expect(seen()).toBe('$ run a\none\nexit code 0\n\n')
})
