import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeRedactor } from '../text/redact.ts'
import { utf8Length } from '../text/utf8.ts'
import { relevantBytes, relevantLog } from './relevant-log.ts'

const asIs = (text: string): string => text
const stamped = (lines: string[]): string => lines.map((line) => `2026-03-04T05:06:07.1234567Z ${line}`).join('\n')
const noise = (count: number, word: string): string[] => Array.from({ length: count }, (_, index) => `${word} ${index}`)

describe('the relevant part of a log', () => {
  it('is what surrounds the failure, without time stamps, colours and groups', () => {
    const log = stamped([
      '##[group]Run npm test',
      ...noise(3_000, 'installing package'),
      '\u001b[31mFAIL\u001b[39m test/cart.test.js',
      '  expected 3 to be 4',
      ...noise(2_000, 'clean-up'),
      '##[error]Process completed with exit code 1.',
    ])
    const part = relevantLog(log, asIs)
    expect(part).toContain('installing package 2999\nFAIL test/cart.test.js\n  expected 3 to be 4\nclean-up 0')
    expect(part).toContain('[… 2992 lines …]')
    expect(part).not.toMatch(/2026-03|\u001b|##\[group\]/)
    expect(utf8Length(part)).toBeLessThanOrEqual(relevantBytes)
  })

  it('reads GitLab’s traces too, where lines overwrite themselves', () => {
    const log = `section_start:1700000000:step_script\r\u001b[0KExecuting script\n50%\r100%\nmain.c:3:1: error: expected ';'\nsection_end:1700000001:step_script\r\u001b[0K\nERROR: Job failed: exit code 1\n`
    expect(relevantLog(log, asIs)).toBe("Executing script\n100%\nmain.c:3:1: error: expected ';'\n\nERROR: Job failed: exit code 1\n")
  })

  it('is the end where nothing looks like a failure, and takes “0 errors” for none', () => {
    const part = relevantLog([...noise(500, 'step'), 'lint: 0 errors', ...noise(30, 'waiting'), 'timed out after 600 s'].join('\n'), asIs)
    expect(part.endsWith('waiting 29\ntimed out after 600 s')).toBe(true)
    expect(part).not.toContain('step 3\n')
  })

  it('keeps the first failure and the last, however many lie between', () => {
    const log = ['Error: the cause (', ...noise(50_000, 'Error: a consequence!'), 'Tests: 7 failed'].join('\n')
    const part = relevantLog(log, asIs)
    expect(part.startsWith('Error: the cause (')).toBe(true)
    expect(part).toContain('Tests: 7 failed')
  })

  it('holds no secret, not even one that stands where a line is cut', () => {
    const secret = 'hunter2-hunter2-hunter2'
    const log = [`Error: ${'x'.repeat(580)}${secret}`, `token ghp_${'a'.repeat(36)}`].join('\n')
    const part = relevantLog(log, makeRedactor([secret]))
    expect(part).not.toMatch(/hunter2|ghp_a/)
    expect(part).toContain('[secret]')
  })

  it('never has more bytes than it may, whatever the log', () => {
    const line = fc.oneof(fc.string(), fc.constant('Error: é('), fc.constant('😀 FAILED'), fc.string({ minLength: 500, maxLength: 900 }))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 400 }), fc.integer({ min: 100, max: 3_000 }), (lines, bytes) => {
        expect(utf8Length(relevantLog(lines.join('\n'), asIs, bytes))).toBeLessThanOrEqual(bytes)
      }),
    )
  })
})
