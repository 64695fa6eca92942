// Names that mean something else on another system, or to a person's eyes.

import { forbid } from './ruling.ts'
import type { Ruling } from './ruling.ts'

// Windows reserves these whatever the extension: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
const deviceName = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:[ .:].*)?$/i
const bidirectional = /[\u{061c}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u
const control = /[\0-\x1f\x7f-\x9f\u{2028}\u{2029}]/u
// U+FE0F makes a picture of the character before it, as in ❤️, and is in honest names.
const invisible = /(?!\u{fe0f})\p{Default_Ignorable_Code_Point}|[\u{e0000}-\u{e0fff}]/u
// Characters that the HFS+ file system leaves out when it compares names.
const ignoredByHfs = /[\u{200c}-\u{200f}\u{202a}-\u{202e}\u{206a}-\u{206f}\u{feff}]/gu

/** PATH_MAX of macOS, the shortest of the common ones; NAME_MAX is the same everywhere. */
const longestPath = 1024
const longestPart = 255

/** Rulings on one name that a commit adds. */
export function judgeName(path: string, isUtf8: boolean): Ruling[] {
  const rulings: Ruling[] = []
  if (!isUtf8)
    rulings.push(forbid('name-encoding', path, 'The name is not valid UTF-8 and differs from system to system. Rename the file.'))
  if (control.test(path))
    rulings.push(
      forbid(
        'name-control',
        path,
        'The name holds a control character or line break, which can forge lines in logs and terminals. Rename the file.',
      ),
    )
  if (bidirectional.test(path))
    rulings.push(
      forbid(
        'name-bidirectional',
        path,
        'The name holds a character that turns the reading direction, so that people read another name. Rename the file.',
      ),
    )
  if (invisible.test(path))
    rulings.push(
      forbid('name-invisible', path, 'The name holds an invisible character, so that it looks like another file. Rename the file.'),
    )
  if (path.includes('\\'))
    rulings.push(forbid('name-backslash', path, 'The name holds a backslash, which separates folders on Windows. Rename the file.'))
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path))
    rulings.push(forbid('name-absolute', path, 'The name is an absolute path on some systems. Rename the file.'))
  if (Buffer.byteLength(path) > longestPath || path.split('/').some((part) => Buffer.byteLength(part) > longestPart))
    rulings.push(
      forbid(
        'name-too-long',
        path,
        `The name is longer, or its folders are nested deeper, than common systems can check out (${longestPath} bytes, ${longestPart} for one part). Shorten it.`,
      ),
    )
  for (const part of path.split('/').slice(0, longestPath)) rulings.push(...judgePart(path, part))
  return rulings
}

function judgePart(path: string, part: string): Ruling[] {
  if (part === '' || part === '.' || part === '..')
    return [forbid('name-relative', path, 'The name has an empty, "." or ".." part and could point outside the repository.')]
  if (looksLikeGitFolder(part))
    return [
      forbid(
        'git-folder',
        path,
        `${JSON.stringify(part)} is the repository's own folder on some systems; what is in it can run commands at checkout. Remove it.`,
      ),
    ]
  if (deviceName.test(part))
    return [forbid('name-device', path, `${JSON.stringify(part)} is a device on Windows and cannot be checked out there. Rename the file.`)]
  return []
}

/** `.git` in every spelling that some file system takes for it: case, dots and spaces behind, streams, short names, ignored characters. */
export function looksLikeGitFolder(part: string): boolean {
  const plain = part.replace(ignoredByHfs, '').normalize('NFKC').toLowerCase()
  const trimmed = plain.replace(/:.*$/s, '').replace(/[ .]+$/, '')
  return trimmed === '.git' || /^git~\d+$/.test(trimmed)
}
