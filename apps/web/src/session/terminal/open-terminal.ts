// xterm as a reader: nothing can be typed into it, keys scroll, Tab leaves.

import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { Terminal, type IMarker, type ITheme } from '@xterm/xterm'
import type { Block } from './blocks.ts'
import { makePacedScreen } from './paced-writes.ts'
import { makeBlockWriter, type BlockWriter } from './write-blocks.ts'

export interface OpenTerminal {
  writer: BlockWriter
  find(text: string, direction: 'next' | 'previous'): void
  clearSearch(): void
  goTo(blockKey: string): void
  follow(isFollowing: boolean): void
  selection(): string
  setTheme(theme: ITheme): void
  close(): void
}

export interface TerminalEvents {
  /** Whether the end is in view. */
  onFollowing(isFollowing: boolean): void
  /** How many places match, and which one is shown (from 0; -1: too many to count). */
  onResults(results: { index: number; count: number }): void
  onSearchKey(): void
  /** null: there are no whole outputs to be had. */
  onWholeOutput: ((sha: string) => void) | null
}

const WHOLE_OUTPUT = 'slipway-output:'
const MOST_MATCHES = 1_000
/** A panel without width still has its padding. */
const PUT_AWAY_PX = 60

export function openTerminal(place: HTMLElement, theme: ITheme, events: TerminalEvents): OpenTerminal {
  const terminal = new Terminal({
    theme,
    disableStdin: true,
    cursorStyle: 'bar',
    cursorInactiveStyle: 'none',
    cursorBlink: false,
    scrollback: 20_000,
    fontSize: 12,
    lineHeight: 1.25,
    fontFamily:
      getComputedStyle(document.documentElement).getPropertyValue('--font-mono') || 'ui-monospace, Menlo, "DejaVu Sans Mono", monospace',
    minimumContrastRatio: 4.5,
    // Decorations for what is found.
    allowProposedApi: true,
    linkHandler: {
      // Only ours are left: links in outputs are cleaned away.
      activate: (_event, address) => address.startsWith(WHOLE_OUTPUT) && events.onWholeOutput?.(address.slice(WHOLE_OUTPUT.length)),
      allowNonHttpProtocols: true,
    },
  })
  const fit = new FitAddon()
  const search = new SearchAddon({ highlightLimit: MOST_MATCHES })
  terminal.loadAddon(fit)
  terminal.loadAddon(search)
  terminal.open(place)
  const heads = new Map<string, IMarker>()

  const isAtEnd = (): boolean => terminal.buffer.active.viewportY >= terminal.buffer.active.baseY
  let wasAtEnd = true
  const tell = (): void => {
    if (isAtEnd() === wasAtEnd) return
    wasAtEnd = !wasAtEnd
    events.onFollowing(wasAtEnd)
  }
  terminal.onScroll(tell)
  terminal.onRender(tell)
  search.onDidChangeResults(({ resultIndex, resultCount }) => events.onResults({ index: resultIndex, count: resultCount }))
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown') return false
    if (event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      events.onSearchKey()
      return false
    }
    const scroll = SCROLL_KEYS[event.key]
    if (scroll !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault()
      scroll(terminal)
    }
    // Everything else is the browser's: Tab leaves, Ctrl+C copies.
    return false
  })

  const observer = new ResizeObserver(() => {
    // A panel that is put away keeps its lines as they are: wrapped at a few letters, most would fall out of what is kept.
    if (place.clientWidth > PUT_AWAY_PX && place.clientHeight > 0) fit.fit()
  })
  observer.observe(place)

  const screen = makePacedScreen({
    write: (text, onWritten) => terminal.write(text, onWritten),
    reset() {
      heads.clear()
      terminal.reset()
      // Without a cursor to look for.
      terminal.write('\u001b[?25l')
    },
  })
  const writer = makeBlockWriter({
    screen,
    onHead: (block: Block) => {
      const marker = terminal.registerMarker(-headLines(block))
      if (marker !== undefined) heads.set(block.key, marker)
    },
    wholeOutputLine: (sha) =>
      events.onWholeOutput === null
        ? ''
        : `\u001b[90m…\u001b[0m \u001b]8;;${WHOLE_OUTPUT}${sha}\u001b\\\u001b[36mwhole output\u001b[0m\u001b]8;;\u001b\\\r\n`,
  })
  terminal.write('\u001b[?25l')

  return {
    writer,
    find(text, direction) {
      if (text === '') return search.clearDecorations()
      const options = { decorations: FOUND }
      if (direction === 'next') search.findNext(text, options)
      else search.findPrevious(text, options)
    },
    clearSearch() {
      search.clearDecorations()
      terminal.clearSelection()
    },
    goTo(blockKey) {
      const marker = heads.get(blockKey)
      if (marker !== undefined && !marker.isDisposed) terminal.scrollToLine(marker.line)
    },
    follow(isFollowing) {
      if (isFollowing) terminal.scrollToBottom()
      else terminal.scrollLines(-1)
    },
    selection: () => terminal.getSelection(),
    setTheme(next) {
      terminal.options.theme = next
    },
    close() {
      observer.disconnect()
      screen.close()
      terminal.dispose()
    },
  }
}

const FOUND = {
  matchBackground: '#f2d37c',
  matchOverviewRuler: '#b98900',
  activeMatchBackground: '#f0a04b',
  activeMatchColorOverviewRuler: '#d9730d',
}

const SCROLL_KEYS: Record<string, (terminal: Terminal) => void> = {
  ArrowUp: (terminal) => terminal.scrollLines(-1),
  ArrowDown: (terminal) => terminal.scrollLines(1),
  PageUp: (terminal) => terminal.scrollPages(-1),
  PageDown: (terminal) => terminal.scrollPages(1),
  Home: (terminal) => terminal.scrollToTop(),
  End: (terminal) => terminal.scrollToBottom(),
}

function headLines({ command }: Block): number {
  return command.split('\n').length
}
