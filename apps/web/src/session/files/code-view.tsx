'use client'

// Monaco as a reader. This file and what it imports come in a chunk of their own.

import { useTheme } from 'next-themes'
import { useEffect, useRef } from 'react'
import { languageOf, monaco, themeName } from './monaco.ts'

interface CodeViewProps {
  path: string
  text: string
  line: number | null
  /** A click on a line number. */
  onLine(line: number): void
}

/** Read-only text with syntax colours by its file name. Tab leaves it. */
export function CodeView({ path, text, line, onLine }: CodeViewProps) {
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<monaco.editor.IStandaloneCodeEditor | null>(null)
  const marked = useRef<monaco.editor.IEditorDecorationsCollection | null>(null)
  const lineClicked = useRef(onLine)
  const { resolvedTheme } = useTheme()

  useEffect(() => {
    lineClicked.current = onLine
  })

  useEffect(() => {
    if (place.current === null) return
    const created = monaco.editor.create(place.current, { ...OPTIONS, ariaLabel: `${path}, read-only` })
    const listening = created.onMouseDown(({ target }) => {
      if (target.type === monaco.editor.MouseTargetType.GUTTER_LINE_NUMBERS) lineClicked.current(target.position.lineNumber)
    })
    editor.current = created
    marked.current = created.createDecorationsCollection()
    return () => {
      editor.current = null
      listening.dispose()
      created.getModel()?.dispose()
      created.dispose()
    }
  }, [path])

  useEffect(() => {
    const current = editor.current
    if (current === null) return
    const model = current.getModel()
    if (model === null) current.setModel(monaco.editor.createModel(text, languageOf(path)))
    else if (model.getValue() !== text) model.setValue(text)
  }, [path, text])

  useEffect(() => {
    const current = editor.current
    if (current === null) return
    const isThere = line !== null && line <= (current.getModel()?.getLineCount() ?? 0)
    marked.current?.set(isThere ? [{ range: new monaco.Range(line, 1, line, 1), options: MARK }] : [])
    if (isThere) current.revealLineInCenterIfOutsideViewport(line)
  }, [path, text, line])

  useEffect(() => {
    monaco.editor.setTheme(themeName(resolvedTheme))
  }, [resolvedTheme])

  return <div ref={place} className="h-full min-h-0 w-full" />
}

const MARK: monaco.editor.IModelDecorationOptions = {
  isWholeLine: true,
  className: 'bg-accent-soft',
  linesDecorationsClassName: 'border-l-2 border-accent',
}

const OPTIONS: monaco.editor.IStandaloneEditorConstructionOptions = {
  model: null,
  readOnly: true,
  domReadOnly: true,
  tabFocusMode: true,
  automaticLayout: true,
  fontSize: 12,
  lineHeight: 18,
  fontFamily: 'ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  lineNumbersMinChars: 4,
  renderLineHighlight: 'none',
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  occurrencesHighlight: 'off',
  wordBasedSuggestions: 'off',
  links: false,
  contextmenu: false,
  renderControlCharacters: true,
  smoothScrolling: false,
  padding: { top: 6, bottom: 6 },
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  stickyScroll: { enabled: false },
  guides: { indentation: false },
}
