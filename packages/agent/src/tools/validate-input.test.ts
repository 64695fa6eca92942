import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toolDefinitions } from './definitions.ts'
import { validateInput } from './validate-input.ts'

function input(tool: string, given: unknown): unknown {
  const result = validateInput(tool, given)
  return result.ok ? result.input : result.message
}

describe('validateInput', () => {
  it('passes a right call through and drops what the tool does not know', () => {
    expect(input('read_file', { path: 'a', offset: 3, mood: 'good' })).toEqual({ path: 'a', offset: 3 })
  })

  it('takes numbers and booleans as strings, and null for left out', () => {
    expect(input('bash', { command: 'x', timeout_s: '30', background: 'true' })).toEqual({ command: 'x', timeout_s: 30, background: true })
    expect(input('search', { pattern: 'x', path: null, glob: null, ignore_case: null })).toEqual({ pattern: 'x' })
    expect(input('bash_output', { id: 2, wait_s: '' })).toEqual({ id: '2' })
  })

  it('takes the nearest bound for a number out of range', () => {
    expect(input('bash', { command: 'x', timeout_s: 9_000 })).toEqual({ command: 'x', timeout_s: 600 })
    expect(input('read_file', { path: 'a', offset: 0 })).toEqual({ path: 'a', offset: 1 })
  })

  it('knows the names that other tools use', () => {
    expect(input('read_file', { file_path: 'a' })).toEqual({ path: 'a' })
    expect(input('read_file', { filename: 'a' })).toEqual({ path: 'a' })
    expect(input('bash', { cmd: 'x', timeout: 5 })).toEqual({ command: 'x', timeout_s: 5 })
    const edits = [{ old_text: 'a', new_text: 'b' }]
    expect(input('edit_file', { path: 'f', edits: [{ oldText: 'a', newText: 'b' }] })).toEqual({ path: 'f', edits })
    expect(input('edit_file', { path: 'f', old_string: 'a', new_string: 'b' })).toEqual({ path: 'f', edits })
    expect(input('edit_file', { path: 'f', edits: { old_text: 'a', new_text: 'b' } })).toEqual({ path: 'f', edits })
  })

  it('takes lists that come as a JSON string, and steps that are only titles', () => {
    expect(input('edit_file', { path: 'f', edits: '[{"old_text":"a","new_text":""}]' })).toEqual({
      path: 'f',
      edits: [{ old_text: 'a', new_text: '' }],
    })
    expect(input('update_plan', { steps: ['look', { title: 'mend', status: 'active' }] })).toEqual({
      steps: [
        { title: 'look', status: 'open' },
        { title: 'mend', status: 'active' },
      ],
    })
  })

  it('says what is wrong and what to send', () => {
    expect(input('edit_file', { path: 'f', edits: [{ old_text: 'a' }] })).toBe(
      [
        'The arguments of edit_file are not right, so nothing was run:',
        '- edits.0.new_text: is missing',
        'Send edit_file with {path: string, edits: [{old_text: string, new_text: string}, …]}',
      ].join('\n'),
    )
    expect(input('search', { expression: 'x' })).toContain('- pattern: is missing; you sent expression\n')
    expect(input('bash', 'ls')).toMatch(
      /^The arguments of bash are not right, so nothing was run:\n- input: .*\nSend bash with \{command: string, timeout_s\?: integer, background\?: boolean\}$/,
    )
  })

  it('says so in words when a value is of the wrong kind', () => {
    expect(input('read_file', { path: 7, limit: 'many' })).toContain('- path: must be a text\n- limit: must be a whole number\n')
    expect(input('bash', { command: '', background: 'maybe' })).toContain('- command: is empty\n- background: must be true or false\n')
    expect(input('bash_output', { id: { number: 1 } })).toContain('- id: must be a text\n')
    expect(input('edit_file', { path: 'f', edits: 7 })).toContain('- edits: must be a list\n')
  })

  it('refuses what would get lost or altered on the way to a file or a command', () => {
    for (const [tool, given] of [
      ['write_file', { path: 'a', content: 'x\0y' }],
      ['write_file', { path: 'a\0b', content: 'x' }],
      ['edit_file', { path: 'a', edits: [{ old_text: 'x', new_text: '\ud800' }] }],
      ['bash', { command: 'printf "\0"' }],
      ['search', { pattern: '\0' }],
    ] as const)
      expect(input(tool, given)).toContain('holds a NUL or half a character')
    expect(input('finish', { summary: 'all good \ud83d' })).toEqual({ summary: 'all good \ud83d' })
  })

  it('refuses what no system call or nobody could take, and says what to do instead', () => {
    expect(input('bash', { command: 'x'.repeat(130_000) })).toContain('write_file')
    expect(input('read_file', { path: 'x'.repeat(5_000) })).toContain('no file system')
    const edits = Array.from({ length: 10_000 }, () => ({ old_text: 'a', new_text: 'b' }))
    expect(input('edit_file', { path: 'f', edits })).toContain('- edits: has more than 500 entries; send fewer in one call')
  })

  it('lists the first mistakes only, and cuts names that were made up', () => {
    const message = input('edit_file', { path: 'f', edits: Array.from({ length: 400 }, () => ({ old_text: 1 })) })
    expect(message).toContain('- and 792 more\n')
    expect(String(message).length).toBeLessThan(1_000)
  })

  it('never throws, whatever a model sends', () => {
    const tool = fc.constantFrom(...toolDefinitions.map((definition) => definition.name))
    const key = fc.constantFrom('path', 'edits', 'command', 'steps', 'id', 'timeout_s', 'question', 'options', 'old_text', 'message')
    fc.assert(
      fc.property(tool, fc.oneof(fc.anything(), fc.dictionary(key, fc.jsonValue())), (name, given) => {
        expect(typeof validateInput(name, given).ok).toBe('boolean')
      }),
    )
  })

  it('refuses a tool that is not ours loudly', () => {
    expect(() => validateInput('rm', {})).toThrow('no schema')
  })
})
