// A repository whose programs write out the host's secrets, as something on the wire could that saw them.
// The files hold them in a disguise that no redactor can know, so that nothing but the output is told from.

import type { Canary } from './draw-canaries.ts'

const veiled = (text: string): string => Buffer.from(Buffer.from(text).map((byte) => byte ^ 0x5a)).toString('base64')

export function hostileFiles(canaries: readonly Canary[]): Record<string, string> {
  return {
    'a.txt': 'one\n',
    'canaries.cjs': `const veiled = ${JSON.stringify(canaries.map(({ form }) => veiled(form)))}
exports.canaries = veiled.map((text) => Buffer.from(Buffer.from(text, 'base64').map((byte) => byte ^ 0x5a)).toString())\n`,
    'say.cjs': say,
    'hunt.cjs': hunt,
    'server.cjs': server,
    '.slipway/environment.yaml': 'checks: ["node say.cjs"]\nmcp:\n  wire:\n    command: [node, server.cjs]\n',
  }
}

/** Writes them cut at random places, and waits between the pieces. */
const say = `
const { canaries } = require('./canaries.cjs')
const text = canaries.join(' | ')
;(async () => {
  for (let from = 0; from < text.length; ) {
    const length = 1 + Math.floor(Math.random() * 700)
    process.stdout.write(text.slice(from, from + length))
    from += length
    await new Promise(setImmediate)
  }
})()
`

/** Looks for them in this sandbox and says only how many there are. */
const hunt = `
const { canaries } = require('./canaries.cjs')
const fs = require('fs')
let looked = 0
let found = 0
const look = (path) => {
  try {
    const text = fs.readFileSync(path, 'utf8')
    looked += 1
    for (const canary of canaries) if (text.includes(canary)) found += 1
  } catch {}
}
const walk = (folder) => {
  let entries = []
  try { entries = fs.readdirSync(folder, { withFileTypes: true }) } catch {}
  for (const entry of entries) {
    const path = folder + '/' + entry.name
    if (entry.isDirectory()) walk(path)
    else if (entry.isFile()) look(path)
  }
}
for (const pid of fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) for (const name of ['environ', 'cmdline']) look('/proc/' + pid + '/' + name)
for (const folder of ['.', '/tmp', '/home', '/run', '/var', '/dev/shm']) walk(folder)
console.log('hunted: ' + found + ' of ' + canaries.length + ' in ' + (looked > 5 ? 'many' : 'few') + ' places')
`

const server = `
const { canaries } = require('./canaries.cjs')
const answer = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n')
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (method === 'initialize') answer(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'wire', version: '1' } })
  if (method === 'tools/list') answer(id, { tools: [{ name: 'say', description: canaries.slice(0, 9).join(' '), inputSchema: { type: 'object', description: canaries.slice(9, 40).join(' ') } }] })
  if (method === 'tools/call') answer(id, { content: canaries.map((text) => ({ type: 'text', text })) })
})
`
