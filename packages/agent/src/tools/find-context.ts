// Finds where to look for a question, by its words: names of files and lines that contain them, rarest words first.

import { capLine } from '@slipway/core/text/truncate'
import { failure, read, type ToolContext, type ToolOutcome } from './tool-outcome.ts'

const maxWords = 8
const perWord = 400
const shownFiles = 12
const shownLines = 4

interface Hit {
  word: string
  line: number
  text: string
}

/** The files that fit the query's words best, each with its most telling lines. */
export async function findContext(input: { query: string }, context: ToolContext): Promise<ToolOutcome> {
  const words = wordsOf(input.query)
  if (words.length === 0) return failure('The query has no word to look for. Name identifiers, files or terms.', 'input')
  const sandbox = await context.sandbox()
  const hits = new Map<string, Hit[]>()
  const weight = new Map<string, number>()
  for (const word of words) {
    const found = await sandbox.search({
      pattern: escape(word),
      path: '',
      glob: null,
      limit: perWord,
      ignoreCase: true,
      signal: context.signal,
    })
    if (!found.ok) continue
    weight.set(word, 1 / Math.log2(2 + found.matches.length))
    for (const match of found.matches) hits.set(match.path, [...(hits.get(match.path) ?? []), { word, line: match.line, text: match.text }])
  }
  const listed = await sandbox.list('', { depth: 10, limit: 5_000, all: false })
  const paths = listed.ok ? listed.entries.filter((entry) => entry.kind === 'file').map((entry) => entry.path) : []
  const scored = [...new Set([...hits.keys(), ...paths])]
    .map((path) => ({ path, score: score(path, hits.get(path) ?? [], words, weight) }))
    .filter((entry) => entry.score > 0)
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .slice(0, shownFiles)
  if (scored.length === 0) return read(`Nothing contains ${words.join(', ')}.`, { files: 0 })
  const blocks = scored.map(({ path }) => [path, ...bestLines(hits.get(path) ?? [])].join('\n'))
  return read(blocks.join('\n'), { files: scored.length })
}

function score(path: string, hits: Hit[], words: string[], weight: Map<string, number>): number {
  const inText = [...new Set(hits.map((hit) => hit.word))].reduce((sum, word) => sum + (weight.get(word) ?? 0), 0)
  const inName = words.filter((word) => path.toLowerCase().includes(word)).length
  return inText + inName
}

/** One line per word first, then others, in file order. */
function bestLines(hits: Hit[]): string[] {
  const firsts = hits.filter((hit, index) => hits.findIndex((other) => other.word === hit.word) === index)
  const chosen = [...firsts, ...hits.filter((hit) => !firsts.includes(hit))].slice(0, shownLines)
  const unique = new Map(chosen.map((hit) => [hit.line, hit.text]))
  return [...unique].sort(([a], [b]) => a - b).map(([line, text]) => `  ${line}: ${capLine(text.trim(), 160)}`)
}

const commonWords = new Set(
  'the and for with that this from where what when which how does are was were has have not into its use used using file files code function'.split(
    ' ',
  ),
)

function wordsOf(query: string): string[] {
  const words = query.toLowerCase().match(/[\p{L}\p{N}_.-]{3,}/gu) ?? []
  return [...new Set(words.map((word) => word.replace(/^[.-]+|[.-]+$/g, '')))]
    .filter((word) => word.length >= 3 && !commonWords.has(word))
    .slice(0, maxWords)
}

function escape(word: string): string {
  return word.replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&')
}
