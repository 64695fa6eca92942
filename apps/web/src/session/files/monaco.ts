// The parts of Monaco that a reader needs: the editor itself, finding, folding, and colours for languages, each loaded when
// a file of it is opened. The whole editor weighs a quarter more and brings a worker of 7 MB for TypeScript alone.

import * as monaco from 'monaco-editor/editor.js'
import 'monaco-editor/features/codicon/register.js'
import 'monaco-editor/features/find/register.js'
import 'monaco-editor/features/folding/register.js'
import 'monaco-editor/features/bracketMatching/register.js'
import 'monaco-editor/features/unicodeHighlighter/register.js'
import 'monaco-editor/languages/definitions/register.all.js'

export { monaco }

globalThis.MonacoEnvironment = {
  getWorker: () => new Worker(new URL('./editor-worker.ts', import.meta.url), { type: 'module' }),
}

monaco.editor.defineTheme('slipway-light', {
  base: 'vs',
  inherit: true,
  rules: [],
  colors: { 'editor.background': '#ffffff', 'editorLineNumber.foreground': '#6b7280', 'editorGutter.background': '#ffffff' },
})
monaco.editor.defineTheme('slipway-dark', {
  base: 'vs-dark',
  inherit: true,
  rules: [],
  colors: { 'editor.background': '#15171b', 'editorLineNumber.foreground': '#8b919c', 'editorGutter.background': '#15171b' },
})

export function themeName(theme: string | undefined): string {
  return theme === 'dark' ? 'slipway-dark' : 'slipway-light'
}

/** Id of the language that a path belongs to, by its name or its ending. */
export function languageOf(path: string): string {
  const name = path.split('/').at(-1)?.toLowerCase() ?? ''
  const languages = monaco.languages.getLanguages()
  const byName = languages.find(({ filenames = [] }) => filenames.some((filename) => filename.toLowerCase() === name))
  const byEnding = languages.find(({ extensions = [] }) => extensions.some((ending) => name.endsWith(ending.toLowerCase())))
  return (byName ?? byEnding)?.id ?? 'plaintext'
}
