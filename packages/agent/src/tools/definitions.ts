// The tools as a model sees them. The order and every byte are part of the cached prompt prefix: additions go to the end.

import type { ToolDescription } from '@slipway/core/events'

const string = (description?: string) => ({ type: 'string', ...(description ? { description } : {}) })
const integer = (description?: string) => ({ type: 'integer', ...(description ? { description } : {}) })
const list = (items: Record<string, unknown>, description?: string) => ({ type: 'array', items, ...(description ? { description } : {}) })

function object(properties: Record<string, unknown>, required: string[]): Record<string, unknown> {
  return { type: 'object', properties, required }
}

/** Our tools, in their fixed order. Inputs are checked by `validateInput`. */
export const toolDefinitions: readonly ToolDescription[] = [
  {
    name: 'read_file',
    description: 'Read a text file, with line numbers. Up to 32 KB at a time.',
    inputSchema: object({ path: string(), offset: integer('First line, from 1'), limit: integer('Number of lines') }, ['path']),
  },
  {
    name: 'list_files',
    description: 'List files below a folder; ignored files are left out.',
    inputSchema: object({ path: string('Default: the root'), depth: integer('Default 2') }, []),
  },
  {
    name: 'search',
    description: 'Search file contents with a JavaScript regular expression.',
    inputSchema: object({ pattern: string(), path: string(), glob: string('Such as *.ts'), ignore_case: { type: 'boolean' } }, ['pattern']),
  },
  {
    name: 'edit_file',
    description:
      'Replace exact pieces of a file. Each old_text must occur exactly once; give enough lines around it. All edits apply or none.',
    inputSchema: object({ path: string(), edits: list(object({ old_text: string(), new_text: string() }, ['old_text', 'new_text'])) }, [
      'path',
      'edits',
    ]),
  },
  {
    name: 'write_file',
    description: 'Create a file, or replace one you have read, with this content.',
    inputSchema: object({ path: string(), content: string() }, ['path', 'content']),
  },
  {
    name: 'bash',
    description: 'Run a command in a new bash in the work tree. With background it keeps running and you get an id for bash_output.',
    inputSchema: object({ command: string(), timeout_s: integer('Default 120, at most 600'), background: { type: 'boolean' } }, [
      'command',
    ]),
  },
  {
    name: 'bash_output',
    description: 'New output and state of a background command.',
    inputSchema: object({ id: string(), wait_s: integer('Wait this long for more, at most 60'), kill: { type: 'boolean' } }, ['id']),
  },
  {
    name: 'update_plan',
    description: 'Set the plan: all steps with their status, and the paths (globs) you expect to change.',
    inputSchema: object(
      {
        steps: list(object({ title: string(), status: { enum: ['open', 'active', 'done', 'dropped'] } }, ['title', 'status'])),
        paths: list(string()),
        note: string('Findings or open questions'),
      },
      ['steps'],
    ),
  },
  {
    name: 'find_context',
    description: 'Find the files and lines that most likely matter for a question, by its words.',
    inputSchema: object({ query: string() }, ['query']),
  },
  {
    name: 'ask_human',
    description: 'Ask the person and wait for the answer.',
    inputSchema: object({ question: string(), options: list(string()) }, ['question']),
  },
  {
    name: 'explore',
    description: 'Let a helper read the code and answer a broad question, to spare your own context.',
    inputSchema: object({ question: string() }, ['question']),
  },
  {
    name: 'commit',
    description: 'Commit every change in the work tree and hand it to the host, which checks it and scans it for secrets.',
    inputSchema: object({ message: string('Subject line, then why') }, ['message']),
  },
  {
    name: 'publish',
    description:
      'Let the host run the checks at the last commit in a clean sandbox and, if they pass, push it and open the change request.',
    inputSchema: object({ title: string(), summary: string('What and why, for the reviewer, in Markdown') }, ['title', 'summary']),
  },
  {
    name: 'finish',
    description: 'End the task. Call it alone, after publish, or when there is nothing to change.',
    inputSchema: object({ summary: string('What was done, what was checked, what was not') }, ['summary']),
  },
]
