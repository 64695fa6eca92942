// How a tool call reads in one line: an icon, a verb, what it is about. Shared by the conversation and the timeline.

import {
  Bot,
  FilePen,
  FilePlus,
  FileText,
  Folder,
  GitCommitHorizontal,
  ListChecks,
  MessageCircleQuestion,
  Plug,
  Search,
  SendHorizontal,
  SquareTerminal,
  Telescope,
  type LucideIcon,
} from 'lucide-react'
import { oneLine } from '@slipway/core/text/clean'
import type { Call } from './row.ts'

interface ToolWords {
  icon: LucideIcon
  /** While it runs and afterwards. */
  doing: string
  done: string
  /** For what is believed to have happened unless it says otherwise. */
  failed?: string
  target: (input: Record<string, unknown>, facts: Record<string, unknown>) => string
  isCode: boolean
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const WORDS: Record<string, ToolWords> = {
  read_file: { icon: FileText, doing: 'Reading', done: 'Read', target: (input) => text(input['path']) + lines(input), isCode: true },
  list_files: { icon: Folder, doing: 'Listing', done: 'Listed', target: (input) => text(input['path']) || '.', isCode: true },
  search: {
    icon: Search,
    doing: 'Searching',
    done: 'Searched',
    target: (input) => [text(input['pattern']), text(input['glob']) || text(input['path'])].filter(Boolean).join('  in '),
    isCode: true,
  },
  edit_file: {
    icon: FilePen,
    doing: 'Editing',
    done: 'Edited',
    failed: 'Not edited',
    target: (input) => text(input['path']),
    isCode: true,
  },
  write_file: {
    icon: FilePlus,
    doing: 'Writing',
    done: 'Wrote',
    failed: 'Not written',
    target: (input) => text(input['path']),
    isCode: true,
  },
  bash: { icon: SquareTerminal, doing: 'Running', done: 'Ran', target: (input) => text(input['command']), isCode: true },
  bash_output: {
    icon: SquareTerminal,
    doing: 'Waiting for',
    done: 'Looked at',
    target: (input) => `background command ${text(input['id'])}`,
    isCode: false,
  },
  update_plan: { icon: ListChecks, doing: 'Planning', done: 'Planned', target: () => '', isCode: false },
  find_context: { icon: Telescope, doing: 'Looking for', done: 'Looked for', target: (input) => text(input['query']), isCode: false },
  ask_human: { icon: MessageCircleQuestion, doing: 'Asking', done: 'Asked', target: (input) => text(input['question']), isCode: false },
  explore: { icon: Bot, doing: 'Exploring', done: 'Explored', target: (input) => text(input['question']), isCode: false },
  commit: {
    icon: GitCommitHorizontal,
    doing: 'Committing',
    done: 'Committed',
    failed: 'Not committed',
    target: (input) => text(input['message']).split('\n')[0] ?? '',
    isCode: false,
  },
  publish: {
    icon: SendHorizontal,
    doing: 'Publishing',
    done: 'Published',
    failed: 'Not published',
    target: (input) => text(input['title']),
    isCode: false,
  },
  finish: { icon: ListChecks, doing: 'Finishing', done: 'Finished', target: () => '', isCode: false },
}

const foreign = (tool: string): ToolWords => ({
  icon: Plug,
  doing: 'Calling',
  done: 'Called',
  target: () => tool,
  isCode: true,
})

export interface CallLine {
  icon: LucideIcon
  verb: string
  target: string
  isCode: boolean
}

/** The line of a call, whatever state it is in. */
export function lineOf({ tool, input, finished }: Pick<Call, 'tool' | 'input' | 'finished'>): CallLine {
  const words = WORDS[tool] ?? foreign(tool)
  const facts = finished?.facts ?? {}
  const known = Object.keys(input).length > 0 ? input : facts
  return {
    icon: words.icon,
    verb: verbOf(words, finished),
    target: oneLine(words.target(known, facts), 300),
    isCode: words.isCode,
  }
}

/** What a tool does, in the middle of a sentence. */
export function doingOf(tool: string): string {
  return WORDS[tool] === undefined ? tool : WORDS[tool].doing.toLowerCase()
}

function verbOf({ doing, done, failed = done }: ToolWords, finished: Call['finished']): string {
  if (finished === null) return doing
  if (finished.ok) return done
  return finished.problem === 'failed' ? failed : doing
}

/** Added and removed lines that a call tells of; null when it tells of none. */
export function changeOf({ finished }: Pick<Call, 'finished'>): { added: number; removed: number } | null {
  const facts = finished?.facts ?? {}
  const number = (name: string): number | null => (typeof facts[name] === 'number' ? facts[name] : null)
  const added = number('added') ?? (facts['created'] === true ? number('lines') : null)
  return added === null ? null : { added, removed: number('removed') ?? 0 }
}

function lines(input: Record<string, unknown>): string {
  const { offset, limit } = input
  if (typeof offset !== 'number') return ''
  return typeof limit === 'number' ? `:${offset}–${offset + limit - 1}` : `:${offset}`
}
