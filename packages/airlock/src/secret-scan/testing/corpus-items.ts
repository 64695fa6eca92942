// The corpus: some hundred secrets in files, disguises and history, and as many texts that are none. A seed draws all of it again.

import { lineCarriers, valueCarriers, type Carried } from './carriers.ts'
import { decoyLines, drawFrom, planted, type Draw } from './corpus.ts'
import { decoyFiles } from './decoy-files.ts'
import { disguises, type Disguise } from './disguises.ts'
import { moreDecoyLines } from './more-decoy-lines.ts'
import { heldBack } from './held-back.ts'

export type Place = 'tree' | 'removed' | 'message' | 'file name' | 'text'

export interface CorpusItem {
  id: string
  part: 'planted' | 'held back' | 'decoy'
  kind: string
  /** The file it lies in and the disguise, in words. */
  how: string
  place: Place
  path: string
  content: string | Uint8Array
}

/** Items with names of their own; a place other than the tree says where the content goes instead of a file. */
export function corpusItems(seed: number): CorpusItem[] {
  return [...plantedItems(seed), ...heldBackItems(seed), ...decoyItems(seed)]
}

const historyPlaces: Place[] = [
  'removed',
  'message',
  'removed',
  'text',
  'message',
  'file name',
  'removed',
  'text',
  'removed',
  'message',
  'removed',
  'text',
  'message',
]

function plantedItems(seed: number): CorpusItem[] {
  return planted.flatMap(([kind, make], index) => {
    const item = (variant: number, build: (secret: string, draw: Draw) => Omit<CorpusItem, 'id' | 'part' | 'kind'>): CorpusItem => {
      const draw = drawFrom(seed * 1_000_003 + index * 17 + variant)
      return { id: `${kind} ${variant}`, part: 'planted', kind, ...build(make(draw), draw) }
    }
    return [
      item(0, (secret, draw) => inTree(carried(secret, draw, index), 'plain')),
      item(1, (secret, draw) => inHistory(secret, draw, historyPlaces[index % historyPlaces.length] ?? 'removed', index)),
      item(2, (secret, draw) => disguised(secret, draw, index)),
    ]
  })
}

function heldBackItems(seed: number): CorpusItem[] {
  return heldBack.map(([kind, path, make], index): CorpusItem => {
    const draw = drawFrom(seed * 1_000_003 + 500_000 + index)
    const content = `${make(draw)}\n`
    return { id: `held back ${kind}`, part: 'held back', kind, how: path, place: 'tree', path: `held/${index}/${path}`, content }
  })
}

function decoyItems(seed: number): CorpusItem[] {
  const rounds = [0, 1, 2, 3, 4, 5]
  const files = rounds.flatMap((round) =>
    decoyFiles.map((make, index): CorpusItem => {
      const id = `decoy${round}x${index}`
      const { path, text } = make(drawFrom(seed * 1_000_003 + 700_000 + round * 100 + index), id)
      return { id, part: 'decoy', kind: 'file', how: path, place: 'tree', path, content: text }
    }),
  )
  const inLines = rounds.slice(0, 2).flatMap((round) => {
    const draw = drawFrom(seed * 1_000_003 + 900_000 + round)
    return [...decoyLines(draw), ...moreDecoyLines(draw)].map((line, index): CorpusItem => {
      const path = `src/line${round}x${index}.ts`
      return { id: path, part: 'decoy', kind: 'line', how: line, place: 'tree', path, content: `// a comment\n${line}\nconst rest = 2\n` }
    })
  })
  return differing([...files, ...inLines])
}

/** What is the same however it is drawn comes once. */
function differing(items: CorpusItem[]): CorpusItem[] {
  return [...new Map(items.map((item) => [String(item.content), item])).values()]
}

type Built = Omit<CorpusItem, 'id' | 'part' | 'kind'>

function inTree({ path, text }: Carried, how: string): Built {
  return { how: `${how} in ${path.split('/')[0]}`, place: 'tree', path, content: text }
}

function inHistory(secret: string, draw: Draw, place: Place, index: number): Built {
  const file = carried(secret, draw, index * 7 + 3)
  switch (place) {
    case 'removed':
      return { how: 'added and removed again', place, path: file.path, content: file.text }
    case 'message':
      return { how: 'in a commit message', place, path: file.path, content: `Set it up\n\nWorks with ${secret}\n` }
    case 'text':
      return { how: 'in the description', place, path: file.path, content: `## What\n\nIt connects now.\n\n${secret}\n` }
    case 'file name':
      if (/^[\w.-]{1,180}$/.test(secret)) return { how: 'in a file name', place, path: `backup/${secret}.txt`, content: 'x\n' }
      return { how: 'added and removed again', place: 'removed', path: file.path, content: file.text }
    case 'tree':
      return inTree(file, 'plain')
  }
}

function disguised(secret: string, draw: Draw, index: number): Built {
  const possible = disguises.filter(({ of }) => of !== 'value' || isBare(secret))
  const disguise = possible[index % possible.length] as Disguise // there is always one of a file
  const how = disguise.name
  if (disguise.of === 'file') {
    const { path, text } = carried(secret, draw, index * 5 + 1)
    return { how, place: 'tree', path, content: disguise.apply(text, draw) }
  }
  const text = disguise.apply(secret, draw)
  return { how, place: 'tree', path: `data/${draw('lower', 12)}.txt`, content: `one\n${String(text)}\ntwo\n` }
}

function carried(secret: string, draw: Draw, index: number): Carried {
  const carriers = isBare(secret) ? valueCarriers : lineCarriers
  const carrier = carriers[index % carriers.length] ?? carriers[0]
  if (carrier === undefined) throw new Error('there are no carriers')
  return carrier(secret, draw)
}

/** Comes without a name of its own. */
function isBare(secret: string): boolean {
  return !/[\s"']/.test(secret) && (secret.includes('://') || !/^[A-Za-z_]+[=:]/.test(secret))
}
