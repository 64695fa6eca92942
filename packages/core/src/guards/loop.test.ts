import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectLoop, type LoopCall } from './loop.ts'

function call(callKey: string, outcomeKey = 'same', isPolling = false): LoopCall {
  return { callKey, outcomeKey, isPolling }
}
const spell = (keys: string): LoopCall[] => [...keys].map((key) => call(key))

describe('detectLoop', () => {
  it('sees nothing in few or different calls', () => {
    expect(detectLoop([])).toBeNull()
    expect(detectLoop(spell('aa'))).toBeNull()
    expect(detectLoop(spell('abcabc'))).toBeNull()
  })

  it('sees the same call with the same outcome three times', () => {
    expect(detectLoop(spell('xaaa'))).toEqual({ length: 1, repeats: 3 })
    expect(detectLoop(spell('aaaaa'))).toEqual({ length: 1, repeats: 5 })
  })

  it('sees cycles of up to five calls', () => {
    expect(detectLoop(spell('zababab'))).toEqual({ length: 2, repeats: 3 })
    expect(detectLoop(spell('abcdeabcdeabcde'))).toEqual({ length: 5, repeats: 3 })
    expect(detectLoop(spell('abcdefabcdefabcdef'))).toBeNull()
  })

  it('lets a call pass whose outcome changes', () => {
    expect(detectLoop([call('test', '3 failed'), call('test', '2 failed'), call('test', '1 failed')])).toBeNull()
  })

  it('only looks at the end of the list', () => {
    expect(detectLoop(spell('aaab'))).toBeNull()
  })

  it('never counts polling, and looks through it', () => {
    const poll = call('bash_output 1', 'running', true)
    expect(detectLoop([poll, poll, poll, poll])).toBeNull()
    expect(detectLoop([call('a'), poll, call('a'), poll, call('a')])).toEqual({ length: 1, repeats: 3 })
  })

  it('keeps keys apart that would run together', () => {
    expect(detectLoop([call('a', 'b'), call('ab', ''), call('', 'ab')])).toBeNull()
  })

  it('sees every short cycle repeated three times, whatever came before', () => {
    const key = fc.constantFrom('a', 'b', 'c')
    fc.assert(
      fc.property(fc.array(key), fc.array(key, { minLength: 1, maxLength: 5 }), (before, cycle) => {
        const loop = detectLoop([...before, ...cycle, ...cycle, ...cycle].map((name) => call(name)))
        expect(loop).not.toBeNull()
        expect(loop!.length).toBeLessThanOrEqual(cycle.length)
      }),
    )
  })
})
