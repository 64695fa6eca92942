// How a secret is written down when it does not stand there as it is.

import { gzipSync } from 'node:zlib'
import type { Draw } from './corpus.ts'

export interface Disguise {
  name: string
  /** file: of the whole file; value: of the secret alone, which must give itself away; line: of the secret with its name. */
  of: 'file' | 'value' | 'line'
  apply(text: string, draw: Draw): string | Uint8Array
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const inPieces = (text: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    text.slice(Math.floor((index * text.length) / count), Math.floor(((index + 1) * text.length) / count)),
  )

export const disguises: Disguise[] = [
  { name: 'base64', of: 'line', apply: (text) => `blob = ${base64(text)}` },
  { name: 'base64 twice', of: 'line', apply: (text) => `blob = ${base64(base64(text))}` },
  { name: 'base64 of the file', of: 'file', apply: base64 },
  { name: 'base64 of the file in lines', of: 'file', apply: (text) => base64(text).replace(/.{76}/g, '$&\n') },
  { name: 'hexadecimal', of: 'line', apply: (text) => `blob = "${Buffer.from(text).toString('hex')}"` },
  {
    name: 'percent',
    of: 'line',
    apply: (text) => `https://x.test/?q=${Buffer.from(text).toString('hex').replace(/../g, '%$&')}`,
  },
  { name: 'percent where needed', of: 'value', apply: (text) => `https://x.test/?next=%2Fhome%3Fv%3D${encodeURIComponent(text)}%26x%3D1` },
  { name: 'JSON in JSON', of: 'line', apply: (text) => JSON.stringify({ body: JSON.stringify({ note: `see: ${text}` }) }) },
  { name: 'escapes', of: 'value', apply: (text) => `v = "${Buffer.from(text).toString('hex').replace(/../g, '\\x$&')}"` },
  { name: 'UTF-16', of: 'file', apply: (text) => Buffer.from(`\ufeff${text}`, 'utf16le') },
  { name: 'joined over lines', of: 'value', apply: (text) => `const v =\n  '${inPieces(text, 3).join("' +\n  '")}'` },
  { name: 'joined in a list', of: 'value', apply: (text) => `v = ["${inPieces(text, 4).join('", "')}"].join("")` },
  { name: 'beside one another', of: 'value', apply: (text) => `v = ("${inPieces(text, 3).join('"\n     "')}")` },
  { name: 'gzip in base64', of: 'line', apply: (text) => `archive: ${gzipSync(`${text}\n`).toString('base64')}` },
  { name: 'invisible characters', of: 'value', apply: (text) => inPieces(text, 5).join('\u200b') },
]
