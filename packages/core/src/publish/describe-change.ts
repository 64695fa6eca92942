// The description of a change request, made from the log: what and why, what Slipway itself ran, what nobody checked, cost, how to go on.
// Task, summary, plan, file names and command output come from outside and cannot do more than be read.

import type { CommitOffered, PlanStep, PolicyFinding, Receipt, Task, VerificationFinished } from '../events.ts'
import { cut, fence, inlineCode, oneLine, safeBlock, safeLine } from './safe-markdown.ts'

export interface ChangeToDescribe {
  /** What the agent calls the change; empty: the first line of the task. */
  title: string
  task: Task
  /** What the agent says it did. */
  summary: string
  plan: PlanStep[]
  /** null: nothing was verified. */
  verification: Pick<VerificationFinished, 'oid' | 'result' | 'receipts'> | null
  commits: Pick<CommitOffered, 'oid' | 'subject'>[]
  files: CommitOffered['files']
  /** Claims and parts that no receipt covers. */
  unverified: string[]
  /** What the tree policy wants a person to look at. */
  warnings: PolicyFinding[]
  costMicros: number
  /** Date of the price book, or `unknown`. */
  priceBook: string
  models: string[]
  sessionId: string
  /** Some of the model's answers came from a script file. */
  isScripted: boolean
  /** Command that continues the session; null: `slipway say`. */
  continueHint: string | null
  /** Issues that this change closes, as `#12` or `owner/name#12`. */
  closes: string[]
}

/** GitHub takes 65,536 characters; the rest is room for a forge's own notes. */
export const descriptionLimit = 60_000

/** Title of at most 200 and body of at most `descriptionLimit` UTF-16 units. What can be read elsewhere is left out first when it gets too long. */
export function describeChange(change: ChangeToDescribe): { title: string; body: string } {
  const sections: Record<SectionName, string> = {
    summary: safeBlock(change.summary, 7000),
    closes: closing(change.closes),
    task: section('Task', quote(safeBlock(change.task.text, 2000))),
    verification: section('What Slipway ran', verification(change)),
    unverified: section(
      'Not checked',
      bullets(change.unverified, (text) => safeLine(text, 200)),
    ),
    warnings: section('For the reviewer', bullets(change.warnings, warning)),
    plan: section('Plan', bullets(change.plan, planStep)),
    commits: section('Commits', bullets(change.commits, commit)),
    files: section('Changed files', files(change)),
    shortened: '',
    cost: section('Cost', cost(change)),
    continue: section('Continue', continuation(change)),
  }
  for (const name of leftOutFirst) {
    if (join(Object.values(sections)).length <= descriptionLimit) break
    sections[name] = ''
    sections.shortened = '(Shortened: more is in the session.)'
  }
  return { title: titleOf(change), body: join(Object.values(sections)) }
}

type SectionName =
  | 'summary'
  | 'closes'
  | 'task'
  | 'verification'
  | 'unverified'
  | 'warnings'
  | 'plan'
  | 'commits'
  | 'files'
  | 'shortened'
  | 'cost'
  | 'continue'

const leftOutFirst: SectionName[] = ['files', 'commits', 'plan', 'task', 'summary']

/** A keyword before an issue number in a title would close that issue after a squash merge. */
function titleOf({ title, task }: ChangeToDescribe): string {
  const text = oneLine(title) || oneLine(task.text.trim().split('\n')[0] ?? '') || 'Change by Slipway'
  return cut(text.replace(/\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(\s*:?\s+)([\w./-]*)(?:#|GH-)(\d)/gi, '$1$2$3$4'), 200)
}

function verification({ verification: result }: ChangeToDescribe): string {
  if (!result) return 'Nothing: this change was not verified.'
  const at = `in a clean sandbox at commit ${inlineCode(result.oid.slice(0, 12))}`
  const count = result.receipts.length
  const sentences: Record<typeof result.result, string> = {
    passed: `Slipway itself ran ${count === 1 ? 'this command' : `these ${count} commands`} ${at}. ${count === 1 ? 'It' : 'All'} passed.`,
    failed: `**Checks failed.** Slipway itself ran these commands ${at}.`,
    partial: `Only a part passed or could be run when Slipway itself ran these commands ${at}.`,
    'no-checks': `No checks are set up or could be found, so nothing was run ${at}.`,
    'could-not-run': `**The checks could not be run** ${at}.`,
  }
  return join([
    sentences[result.result],
    receiptTable(result.receipts),
    ...result.receipts
      .filter((receipt) => !hasPassed(receipt))
      .slice(0, 3)
      .map(failedOutput),
  ])
}

function receiptTable(receipts: Receipt[]): string {
  if (receipts.length === 0) return ''
  const row = (receipt: Receipt) => `| ${inlineCode(receipt.command, 200)} | ${endOf(receipt)} | ${seconds(receipt.ms)} |`
  return ['| Command | Exit code | Time |', '| --- | --- | --- |', lines(receipts, row, (more) => `| … and ${more} more | | |`)].join('\n')
}

function endOf(receipt: Receipt): string {
  if (receipt.killed === 'timeout') return 'none: time limit reached'
  if (receipt.killed !== null) return `none: ${receipt.killed === 'stopped' ? 'stopped' : 'sandbox lost'}`
  return receipt.exitCode === null ? 'none' : String(receipt.exitCode)
}

function hasPassed(receipt: Receipt): boolean {
  return receipt.exitCode === 0 && receipt.killed === null
}

function failedOutput(receipt: Receipt): string {
  const tail = receipt.tail.trimEnd().slice(-1200).toWellFormed()
  const output = fence(tail, 'text')
  // Output that is made of backticks would need a fence longer than itself.
  if (tail.trim() === '' || output.length > 2500) return ''
  return `Last lines of ${inlineCode(receipt.command, 200)}:\n\n${output}`
}

function warning({ rule, path, message }: PolicyFinding): string {
  return `${inlineCode(rule, 60)}${path ? ` in ${inlineCode(path, 200)}` : ''}: ${safeLine(message, 240)}`
}

function planStep({ title, status }: PlanStep): string {
  const text = safeLine(title, 200)
  if (status === 'dropped') return `${text} (dropped)`
  return `[${status === 'done' ? 'x' : ' '}] ${text}`
}

function commit({ oid, subject }: ChangeToDescribe['commits'][number]): string {
  return `${inlineCode(oid.slice(0, 12))} ${safeLine(subject, 200)}`
}

function files({ files: changed }: ChangeToDescribe): string {
  if (changed.length === 0) return ''
  const added = changed.reduce((sum, file) => sum + file.added, 0)
  const removed = changed.reduce((sum, file) => sum + file.removed, 0)
  const list = bullets(changed, (file) => `${inlineCode(file.path, 200)} +${file.added} −${file.removed}`)
  return `${changed.length} ${changed.length === 1 ? 'file' : 'files'}, +${added} −${removed}\n\n${list}`
}

function cost({ costMicros, priceBook, models, isScripted }: ChangeToDescribe): string {
  const price =
    priceBook === 'unknown'
      ? 'Not known: a model is not in the price book.'
      : `$${(costMicros / 1_000_000).toFixed(4)} at the list prices of ${safeLine(priceBook, 40)}.`
  const by =
    models.length > 0
      ? ` Models: ${models
          .slice(0, 10)
          .map((model) => inlineCode(model, 100))
          .join(', ')}.`
      : ''
  const scripted =
    "**Scripted:** the model's answers, or some of them, came from a script and not from a language model. Commands, commits and checks are real."
  return join([price + by, isScripted ? scripted : ''])
}

function continuation({ sessionId, continueHint }: ChangeToDescribe): string {
  const command = continueHint ?? `slipway say ${sessionId} "what to change"`
  return `Made by Slipway in session ${inlineCode(sessionId, 64)}. To ask for changes:\n\n${fence(cut(oneLine(command), 500), 'sh')}`
}

function closing(closes: string[]): string {
  const issues = closes.filter((issue) => /^(?:(?:[\w.-]{1,100}\/){1,20}[\w.-]{1,100})?#\d{1,9}$/.test(issue)).slice(0, 20)
  return issues.map((issue) => `Closes ${issue}`).join('\n')
}

function section(title: string, content: string): string {
  return content === '' ? '' : `### ${title}\n\n${content}`
}

function bullets<Item>(items: readonly Item[], line: (item: Item) => string): string {
  return lines(
    items,
    (item) => `- ${line(item)}`,
    (more) => `- … and ${more} more`,
  )
}

const linesLimit = 60
const linesLength = 6000

/** A line for each item as long as there is room, then how many were left out. Lines are never cut, as half a code span would swallow the rest. */
function lines<Item>(items: readonly Item[], line: (item: Item) => string, more: (count: number) => string): string {
  const shown: string[] = []
  let length = 0
  for (const item of items.slice(0, linesLimit)) {
    const text = line(item)
    length += text.length + 1
    if (length > linesLength) break
    shown.push(text)
  }
  return [...shown, ...(shown.length < items.length ? [more(items.length - shown.length)] : [])].join('\n')
}

function quote(text: string): string {
  return text === ''
    ? ''
    : text
        .split('\n')
        .map((line) => `> ${line}`.trimEnd())
        .join('\n')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function join(parts: string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}
