// A whole session as a document: what was asked, what was done, what was checked.

import type { AssistantPart, EventOf, SessionEvent } from '@slipway/core/events'
import { cleanOutput } from '@slipway/core/text/clean'
import { shortModel } from '@slipway/core/text/short-model'
import type { SessionView } from '../contract/session-schemas.ts'

/**
 * Markdown in which everything that came from models, commands and repositories is quoted or fenced. It is read in terminals
 * too: nothing in it moves a cursor or hides.
 */
export function exportMarkdown(view: SessionView, events: readonly SessionEvent[]): string {
  const parts = [head(view), plan(view), work(view), '## What happened', ...events.flatMap(section)]
  return cleanOutput(`${parts.filter((text) => text !== '').join('\n\n')}\n`)
    .text.replaceAll('\r\n', '\n')
    .replaceAll('\r', ' ')
}

function head(view: SessionView): string {
  const rows: [string, string][] = [
    ['Session', view.id],
    ['Repository', view.repository.url],
    ['Base', view.base ? `${view.base.branch} at ${view.base.oid}` : 'not prepared'],
    ['Branch', view.branch ?? 'none yet'],
    ['Model', shortModel(view.model)],
    ['Status', view.outcome ? `${view.status}, ${view.outcome}` : view.status],
    [
      'Cost',
      `$${(view.cost.micros / 1_000_000).toFixed(4)}${view.cost.isLowerBound ? ' at least (a model has no known price)' : ''}, ${view.cost.calls} model ${view.cost.calls === 1 ? 'call' : 'calls'}`,
    ],
    ['Change request', view.work.changeRequest ? `#${view.work.changeRequest.number} ${view.work.changeRequest.url}` : 'none'],
  ]
  return [
    `# ${line(view.title)}`,
    '',
    ...rows.map(([name, value]) => `- ${name}: ${line(value)}`),
    '',
    quote(view.task),
    ...(view.summary ? ['', quote(view.summary)] : []),
  ].join('\n')
}

function plan(view: SessionView): string {
  if (view.plan === null) return ''
  return [
    '## Plan',
    '',
    ...view.plan.steps.map(
      (step) => `- [${step.status === 'done' ? 'x' : ' '}] ${line(step.title)}${step.status === 'dropped' ? ' (dropped)' : ''}`,
    ),
  ].join('\n')
}

function work({ work: { commit, verification } }: SessionView): string {
  const lines: string[] = []
  if (commit)
    lines.push(
      `Commit \`${commit.oid}\`: ${line(commit.subject)}`,
      '',
      ...commit.files.map((file) => `- ${code(file.path)} +${file.added} −${file.removed}`),
    )
  if (verification)
    lines.push(
      '',
      `Checks at this commit: **${verification.result}**`,
      '',
      ...verification.receipts.map(
        (receipt) =>
          `- ${code(receipt.command)}: ${receipt.killed ?? `exit ${receipt.exitCode}`}, ${receipt.ms} ms, output ${receipt.outputSha.slice(0, 12)}`,
      ),
    )
  return lines.length === 0 ? '' : ['## Work', '', ...lines].join('\n')
}

function section(event: SessionEvent): string[] {
  const { body } = event
  const title = `### ${event.seq}. ${body.type}\n\n${event.at}`
  switch (body.type) {
    case 'user-message':
      return [title, quote(body.text)]
    case 'model-responded':
      return [title, ...body.content.flatMap(part)]
    case 'model-failed':
      return [title, escape(`${body.kind}: ${body.message}`), ...(body.partialText ? [quote(body.partialText)] : [])]
    case 'tool-finished':
      return [title, `${body.ok ? 'ok' : (body.problem ?? 'failed')}, ${body.ms} ms`, fence(body.output)]
    case 'human-asked':
      return [title, ...question(body)]
    case 'human-answered':
      return [title, [body.decision, body.text].filter(Boolean).map(line).join(': ')]
    case 'session-created':
    case 'instructions-frozen':
    case 'model-requested':
    case 'tool-started':
    case 'tool-ruled':
    case 'outputs-pruned':
      return []
    default: {
      const { type: _, ...facts } = body
      return [title, fence(JSON.stringify(facts, null, 2))]
    }
  }
}

function part(content: AssistantPart): string[] {
  if (content.type === 'text') return content.text.trim() === '' ? [] : [quote(content.text)]
  if (content.type === 'tool-call') return [`Calls ${code(content.tool)}:`, fence(JSON.stringify(content.input, null, 2))]
  return []
}

function question(body: EventOf<'human-asked'>): string[] {
  const details = body.effect?.details.map(([name, value]) => `- ${line(name)}: ${line(value)}`).join('\n')
  return [quote(body.question), ...(details ? [details] : [])]
}

/** Longer than any run of backticks inside, so that nothing can end it early. */
function fence(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const marks = '`'.repeat(longest + 1)
  return `${marks}text\n${text.trimEnd()}\n${marks}`
}

function quote(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((part_) => `> ${escape(part_)}`.trimEnd())
    .join('\n')
}

function line(text: string): string {
  return escape(text.replace(/\s+/g, ' ').trim())
}

function code(text: string): string {
  return `\`${text.replace(/[`\n\r]/g, ' ')}\``
}

// No markup from inside a session: an image that a viewer would fetch carries data out, and a heading can pose as ours.
function escape(text: string): string {
  return text.replace(/[\\`*_[\]<>!#|~]/g, (character) => `\\${character}`)
}
