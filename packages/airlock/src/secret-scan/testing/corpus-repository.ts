// The corpus as real commits, made with `git fast-import` so that some hundred of them take no time.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CorpusItem } from './corpus-items.ts'

export interface CorpusRepository {
  gitDir: string
  baseOid: string
  oid: string
  texts: string[]
  /** What the scan calls the place where each item lies. */
  placeOf(item: CorpusItem): string
}

/** One commit adds the files, one for each message follows, the last one takes away what history alone should hold. */
export function corpusRepository(folder: string, items: CorpusItem[]): CorpusRepository {
  const gitDir = join(folder, 'corpus.git')
  const marksFile = join(folder, 'marks')
  git(['init', '-q', '--bare', '-b', 'main', gitDir])
  const inPlace = (place: CorpusItem['place']) => items.filter((item) => item.place === place)
  const [messages, removed, texts] = [inPlace('message'), inPlace('removed'), inPlace('text')]
  const files = items.filter(({ place }) => place !== 'message' && place !== 'text')
  const parts: Buffer[] = [...commit(1, 'Base', [file('README.md', '# Corpus\n')])]
  parts.push(
    ...commit(
      2,
      'Add',
      files.map(({ path, content }) => file(path, content)),
    ),
  )
  messages.forEach((item, index) => parts.push(...commit(3 + index, String(item.content), [])))
  const last = 3 + messages.length
  parts.push(
    ...commit(
      last,
      'Take away',
      removed.map(({ path }) => Buffer.from(`D ${quoted(path)}\n`)),
    ),
  )
  git(['--git-dir', gitDir, 'fast-import', '--quiet', `--export-marks=${marksFile}`], Buffer.concat(parts))
  const oids = new Map(
    readFileSync(marksFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => {
        const [mark = '', oid = ''] = line.slice(1).split(' ')
        return [Number(mark), oid] as const
      }),
  )
  const oidOf = (mark: number) => oids.get(mark) ?? ''
  return {
    gitDir,
    baseOid: oidOf(1),
    oid: oidOf(last),
    texts: texts.map(({ content }) => String(content)),
    placeOf(item) {
      if (item.place === 'message') return `commit ${oidOf(3 + messages.indexOf(item)).slice(0, 12)}`
      if (item.place === 'text') return `text ${texts.indexOf(item) + 1}`
      return item.place === 'file name' ? 'file names' : item.path
    },
  }
}

function commit(mark: number, message: string, changes: Buffer[]): Buffer[] {
  const who = 'A <a@example.org> 1767225600 +0000'
  const text = Buffer.from(message)
  const from = mark === 1 ? '' : `from :${mark - 1}\n`
  const head = `commit refs/heads/main\nmark :${mark}\nauthor ${who}\ncommitter ${who}\ndata ${text.length}\n`
  return [Buffer.from(head), text, Buffer.from(`\n${from}`), ...changes, Buffer.from('\n')]
}

function file(path: string, content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content as string) // also copies bytes
  return Buffer.concat([Buffer.from(`M 100644 inline ${quoted(path)}\ndata ${bytes.length}\n`), bytes, Buffer.from('\n')])
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&')}"`
}

function git(args: string[], input?: Buffer): void {
  execFileSync('git', args, { stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'inherit'], ...(input ? { input } : {}) })
}
