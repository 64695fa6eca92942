'use client'

import { ArrowDownToLine, ChevronDown, ChevronUp, Copy, FileText, Search } from 'lucide-react'
import { useEffect, useState, type RefObject } from 'react'
import { toasts } from '../../toasts/toasts.ts'
import { selectClass } from '../files/select-class.ts'
import type { Block } from './blocks.ts'
import type { OpenTerminal } from './open-terminal.ts'

interface BarProps {
  searchField: RefObject<HTMLInputElement | null>
  terminal: OpenTerminal | null
  blocks: readonly Block[]
  results: { index: number; count: number }
  isFollowing: boolean
  copyText(): string
  onWholeOutput: ((sha: string) => void) | null
}

const toolClass =
  'flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground disabled:opacity-40 aria-pressed:bg-accent-soft aria-pressed:text-accent-text'

/** Search, jump to a command, follow, copy. */
export function TerminalBar({ searchField, terminal, blocks, results, isFollowing, copyText, onWholeOutput }: BarProps) {
  const [text, setText] = useState('')
  const [chosenKey, setChosenKey] = useState('')
  const chosen = blocks.find(({ key }) => key === chosenKey) ?? blocks.at(-1)
  const wholeSha = chosen?.wholeSha ?? null

  useEffect(() => {
    if (text === '') terminal?.clearSearch()
    else terminal?.find(text, 'previous')
  }, [terminal, text])

  return (
    <div role="toolbar" aria-label="Terminal" className="flex h-9 shrink-0 items-center gap-1 border-b border-separator px-2">
      <label className="flex min-w-16 flex-1 items-center gap-1">
        <Search aria-hidden className="size-3.5 shrink-0 text-muted" />
        <span className="sr-only">Search the terminal</span>
        <input
          ref={searchField}
          type="search"
          value={text}
          placeholder="Search"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') terminal?.find(text, event.shiftKey ? 'next' : 'previous')
            if (event.key === 'Escape') setText('')
          }}
          className="h-6 w-full min-w-0 rounded bg-transparent px-1 text-xs placeholder:text-field-placeholder"
        />
        <span role="status" className="shrink-0 text-2xs text-muted tabular-nums">
          {text !== '' && sayResults(results)}
        </span>
      </label>
      {text !== '' && (
        <>
          <button
            type="button"
            aria-label="Earlier match"
            title="Earlier match (Enter)"
            className={toolClass}
            onClick={() => terminal?.find(text, 'previous')}
          >
            <ChevronUp aria-hidden className="size-3.5" />
          </button>
          <button
            type="button"
            aria-label="Later match"
            title="Later match (Shift Enter)"
            className={toolClass}
            onClick={() => terminal?.find(text, 'next')}
          >
            <ChevronDown aria-hidden className="size-3.5" />
          </button>
        </>
      )}
      <select
        aria-label="Go to a command"
        value={chosen?.key ?? ''}
        onChange={(event) => {
          setChosenKey(event.target.value)
          terminal?.goTo(event.target.value)
        }}
        className={`${selectClass} h-6 w-40 min-w-0 shrink text-ellipsis`}
      >
        {blocks.map((block) => (
          <option key={block.key} value={block.key}>
            {block.result === null ? '… ' : block.result.isGood ? '' : '✗ '}
            {block.command.replace(/\s+/g, ' ').slice(0, 80) || 'a command'}
          </option>
        ))}
      </select>
      {onWholeOutput !== null && (
        <button
          type="button"
          aria-label="Whole output of this command"
          title={wholeSha === null ? 'Everything that this command printed is shown' : 'Whole output of this command'}
          disabled={wholeSha === null}
          className={toolClass}
          onClick={() => wholeSha !== null && onWholeOutput(wholeSha)}
        >
          <FileText aria-hidden className="size-3.5" />
        </button>
      )}
      <button
        type="button"
        aria-label="Copy the selection, or everything"
        title="Copy the selection, or everything"
        className={toolClass}
        onClick={() => void navigator.clipboard.writeText(copyText()).then(() => toasts.add({ text: 'Copied' }))}
      >
        <Copy aria-hidden className="size-3.5" />
      </button>
      <button
        type="button"
        aria-label="Follow what is printed"
        title="Follow what is printed"
        aria-pressed={isFollowing}
        className={toolClass}
        onClick={() => terminal?.follow(!isFollowing)}
      >
        <ArrowDownToLine aria-hidden className="size-3.5" />
      </button>
    </div>
  )
}

function sayResults({ index, count }: { index: number; count: number }): string {
  if (count === 0) return 'nothing found'
  return index === -1 ? `${count} and more` : `${index + 1} of ${count}`
}
