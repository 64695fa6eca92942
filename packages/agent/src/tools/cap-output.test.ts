import { describe, expect, it } from 'vitest'
import { capOutput } from './cap-output.ts'

function blobs() {
  const kept: Uint8Array[] = []
  return { kept, put: async (bytes: Uint8Array) => `blob${kept.push(bytes)}`, get: async () => null }
}

describe('capOutput', () => {
  it('leaves a short output alone and stores nothing', async () => {
    const store = blobs()
    expect(await capOutput('bash', 'Exit code 0\nok', store)).toEqual({ output: 'Exit code 0\nok', blob: null })
    expect(store.kept).toEqual([])
  })

  it('keeps 8 KB of the head and 16 KB of the tail of a command, and the whole in a blob', async () => {
    const store = blobs()
    const whole = Array.from({ length: 10_000 }, (_, index) => `line ${index}\n`).join('')
    const { output, blob } = await capOutput('bash', whole, store)
    expect(blob).toBe('blob1')
    expect(new TextDecoder().decode(store.kept[0])).toBe(whole)
    expect(output).toMatch(/^line 0\n/)
    expect(output).toMatch(/line 9999\n$/)
    expect(output).toContain('left out here')
    expect(Buffer.byteLength(output)).toBeLessThan(24 * 1024 + 300)
  })

  it('takes colours and hidden characters out of what a command printed, and says so', async () => {
    const { output } = await capOutput('bash', '\u001b[31mred\u001b[0m <!-- stays --> \u{E0041}\u{E0042}', blobs())
    expect(output).toBe('[Hidden text was removed here: 2 × tag-characters.]\nred <!-- stays --> ')
  })

  it('shows a file as it is, so that an edit can match it', async () => {
    expect((await capOutput('read_file', '1\ta\u200bb', blobs())).output).toBe('1\ta\u200bb')
  })

  it('writes out what hides or turns text in a file', async () => {
    const { output } = await capOutput('read_file', "1\tif (user !== '\u202euser') {\u{E0049}", blobs())
    expect(output).toBe(
      "[2 hidden characters are written out as \\u{…} here; change such lines with bash.]\n1\tif (user !== '\\u{202e}user') {\\u{e0049}",
    )
  })

  it('keeps the head of a search', async () => {
    const { output } = await capOutput('search', 'a:1: x\n'.repeat(10_000), blobs())
    expect(Buffer.byteLength(output)).toBeLessThan(16 * 1024 + 300)
    expect(output).toMatch(/…\]$/)
  })

  it('takes out what the store cannot hold', async () => {
    expect((await capOutput('bash', 'a\0b\ud800', blobs())).output).toBe('ab\ufffd')
  })
})
