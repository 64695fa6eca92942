// One event as lines for a person. Pure: the same events give the same lines, on a terminal or in a log file.

import type { EventOf, PlanStep, SessionEvent } from '@slipway/core/events'
import { cleanUntrusted, removedText } from '@slipway/core/text/clean'
import { shortModel } from '@slipway/core/text/short-model'
import { renderAsk } from './render-ask.ts'
import { formatCost, formatMs, plural, shortOid } from './format.ts'
import { modeWords } from './mode-words.ts'
import { oneLine, wrap } from './plain-text.ts'
import { advance, planKey, type RenderContext } from './render-context.ts'
import { renderTool } from './render-tool.ts'
import { renderChangeRequest, renderCommit, renderPush, renderReceipt, renderScan, renderVerification } from './render-work.ts'
import { renderRow } from './row.ts'
import type { Style } from './style.ts'

/** The lines of one event, and the context for the next. Most bookkeeping events have no lines. */
export function renderEvent(context: RenderContext, event: SessionEvent, style: Style): { context: RenderContext; lines: string[] } {
  // A newer server knows kinds of events that this program does not.
  return { context: advance(context, event), lines: linesOf(context, event, style) ?? [] }
}

function linesOf(context: RenderContext, event: SessionEvent, style: Style): string[] {
  const { body } = event
  switch (body.type) {
    case 'session-created':
      return renderHead(event.sessionId, body, style)
    case 'session-forked':
      return [
        renderRow({ mark: 'good', verb: 'fork', target: `of ${body.fromSessionId} at ${body.fromSeq}`, facts: [body.model ?? ''] }, style),
      ]
    case 'session-finished':
      return renderFinish(body, style)
    case 'user-message':
      return ['', ...wrap(body.text, style.width - 4).map((line, at) => style.accent(`${at === 0 ? '  › ' : '    '}${line}`)), '']
    case 'human-asked':
      return renderAsk(event.sessionId, body, style)
    case 'human-answered':
      return [
        renderRow(
          {
            mark: body.decision === 'reject' ? 'warn' : 'good',
            verb: 'answer',
            target: [answerWord(body.decision), body.text].filter(Boolean).join(': '),
          },
          style,
        ),
      ]
    case 'autonomy-changed':
      return [renderRow({ mark: 'quiet', verb: 'mode', target: `from now on it ${modeWords[body.autonomy]}` }, style)]
    case 'stop-requested':
      return [renderRow({ mark: 'warn', verb: 'stop', target: body.reason }, style)]
    case 'repository-prepared':
      return [
        renderRow(
          {
            mark: 'good',
            verb: 'clone',
            target: `${body.baseBranch} at ${shortOid(body.baseOid)}, work goes to ${body.branch}`,
            duration: formatMs(body.ms),
          },
          style,
        ),
      ]
    case 'sandbox-started':
      return [renderRow({ mark: 'good', verb: 'sandbox', target: body.backend, duration: formatMs(body.ms) }, style)]
    case 'setup-finished':
      return renderSetup(body, style)
    case 'egress-decided':
      return renderEgress(body, style)
    case 'model-responded':
      // A helper's words are the outcome of the call that it serves.
      return context.models[body.callId]?.isHelper ? [] : renderAnswer(body, style)
    case 'instructions-frozen':
      return body.sections
        .filter((section) => section.trust === 'untrusted')
        .flatMap((section) => renderHidden(section.name, section.text, style))
    case 'context-added':
      if (body.trust === 'untrusted') return renderHidden(body.origin, body.text, style)
      return body.origin.startsWith('nudge: ') ? [renderRow({ mark: 'warn', verb: 'nudge', target: body.text }, style)] : []
    case 'model-failed':
      return [...renderPartial(body, style), renderRow({ mark: 'warn', verb: 'model', target: failureText(body, event.at) }, style)]
    case 'tool-ruled':
      return body.decision === 'deny' ? [renderRow({ mark: 'warn', verb: 'denied', target: body.reason }, style)] : []
    case 'tool-finished': {
      const call = context.calls[body.callId]
      return renderTool({ tool: call?.tool ?? 'call', input: call?.input ?? {}, outcome: body }, style)
    }
    case 'plan-updated':
      return planKey(body.steps) === context.plan ? [] : renderPlan(body.steps, style)
    case 'checkpoint-restored':
      return [renderRow({ mark: 'good', verb: 'restore', target: body.reason }, style)]
    case 'commit-offered':
      return renderCommit(body, style)
    case 'scan-finished':
      return renderScan(body, style)
    case 'verification-finished':
      return renderVerification(body, style)
    case 'branch-pushed':
      return renderPush(body, style)
    case 'change-request-opened':
      return renderChangeRequest(body, style)
    case 'guard-tripped':
      return [renderRow({ mark: 'warn', verb: body.action === 'park' ? 'parked' : 'nudge', target: body.reason }, style)]
    case 'context-compacted':
      return [
        renderRow(
          { mark: 'quiet', verb: 'compact', target: `history summarised, ${body.beforeTokens} → ${body.afterTokens} tokens` },
          style,
        ),
      ]
    case 'review-received':
      return [renderRow({ mark: 'quiet', verb: 'review', target: `${body.author}: ${body.text}` }, style)]
    case 'conflict-noticed':
      return [renderRow({ mark: 'warn', verb: 'conflict', target: `with ${body.base}: the change request cannot be merged` }, style)]
    case 'base-taken-in':
      return [
        renderRow(
          {
            mark: body.conflicts.length > 0 ? 'warn' : 'good',
            verb: 'base',
            target:
              body.checkpoint === null
                ? `${body.base} was there already`
                : `${body.base} at ${shortOid(body.baseOid)} merged into the work tree`,
            facts: body.conflicts.length > 0 ? [`${body.conflicts.length} conflicts`] : [],
          },
          style,
        ),
      ]
    case 'change-request-updated':
      return [
        renderRow(
          { mark: 'quiet', verb: 'change', target: `${body.number} ${body.state === 'open' ? 'opened again' : body.state}` },
          style,
        ),
      ]
    case 'checks-reported':
      return body.checks.map((check) =>
        renderRow(
          {
            mark: check.state === 'failed' ? 'bad' : check.state === 'passed' ? 'good' : 'quiet',
            verb: 'check',
            target: check.name,
            facts: [check.state],
          },
          style,
        ),
      )
    case 'deployment-updated':
      return [renderRow({ mark: 'quiet', verb: 'deploy', target: [body.state, body.url].filter(Boolean).join('  ') }, style)]
    case 'write-back-done':
      return [renderRow({ mark: 'good', verb: 'report', target: body.target }, style)]
    case 'session-renamed':
    case 'feedback-given':
    case 'model-requested':
    case 'tool-started':
    case 'checkpoint-created':
    case 'outputs-pruned':
      return []
  }
}

function renderHead(sessionId: string, body: EventOf<'session-created'>, style: Style): string[] {
  const { model } = body.roles.code
  const scripted = model.startsWith('scripted/') ? '  (scripted, no real model)' : ''
  const budget = body.limits.budgetMicros === null ? 'no budget set' : `budget ${formatCost(body.limits.budgetMicros)}`
  return [
    `${style.bold(oneLine(body.title, style.width - 30))}  ${style.dim(sessionId)}`,
    field('repository', `${body.repository.url}${body.repository.base ? ` (${body.repository.base})` : ''}`, style),
    `${field('model', oneLine(shortModel(model), style.width - 14 - scripted.length), style)}${style.warn(scripted)}`,
    field('limits', `${budget}, ${modeWords[body.autonomy]}`, style),
    '',
  ]
}

function field(name: string, value: string, style: Style): string {
  return `  ${style.dim(name.padEnd(11))} ${oneLine(value, style.width - 14)}`
}

function renderFinish(body: EventOf<'session-finished'>, style: Style): string[] {
  const title = {
    verified: style.good('Done, and verified.'),
    'partly-verified': style.warn('Done, partly verified.'),
    unverified: style.warn('Done, but unverified.'),
    'nothing-to-do': style.good('Nothing had to be done.'),
    stopped: style.warn('Stopped.'),
    failed: style.bad('Failed.'),
  }[body.outcome]
  return ['', `  ${style.bold(title)}`, ...wrap(body.summary, style.width - 4).map((line) => `  ${line}`)]
}

function renderSetup(body: EventOf<'setup-finished'>, style: Style): string[] {
  const target =
    body.steps.length === 0 ? 'nothing to install' : `${plural(body.steps.length, 'step')}${body.cached ? ', from the cache' : ''}`
  const row = renderRow({ mark: body.ok ? 'good' : 'bad', verb: 'setup', target, duration: formatMs(body.ms) }, style)
  return [row, ...body.steps.filter((step) => step.exitCode !== 0).flatMap((step) => renderReceipt(step, style))]
}

function renderEgress(body: EventOf<'egress-decided'>, style: Style): string[] {
  const times = body.count > 1 ? `×${body.count}` : ''
  const where = body.port === 0 ? body.host : `${body.host}:${body.port}`
  if (body.decision === 'allowed') return [renderRow({ mark: 'quiet', verb: 'network', target: `${where} allowed`, facts: [times] }, style)]
  return [renderRow({ mark: 'warn', verb: 'network', target: `${where} refused: ${body.reason}`, facts: [times] }, style)]
}

function renderAnswer(body: EventOf<'model-responded'>, style: Style): string[] {
  const text = body.content
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('')
    .trim()
  return renderText(text, style)
}

/** What had arrived of an answer that nobody tries again. */
function renderPartial({ partialText, retryAt }: EventOf<'model-failed'>, style: Style): string[] {
  return retryAt === null && partialText ? renderText(`${partialText.trim()} […]`, style) : []
}

function renderText(text: string, style: Style): string[] {
  if (text === '') return []
  return ['', ...wrap(text, style.width - 4).map((line, at) => `${at === 0 ? style.accent('  ● ') : '    '}${line}`.trimEnd())]
}

/** A person is told what the model was not shown. */
function renderHidden(origin: string, text: string, style: Style): string[] {
  const removed = removedText(cleanUntrusted(text).removed)
  return removed === null ? [] : [renderRow({ mark: 'warn', verb: 'hidden', target: `text taken out of ${origin}: ${removed}` }, style)]
}

function renderPlan(steps: readonly PlanStep[], style: Style): string[] {
  const boxes = { open: '☐', active: style.accent('◐'), done: style.good('☑'), dropped: style.dim('☒') }
  const rows = steps.map((step) => {
    const title = oneLine(step.title, style.width - 8)
    return `    ${boxes[step.status]} ${step.status === 'active' ? style.bold(title) : step.status === 'open' ? title : style.dim(title)}`
  })
  return ['', `  ${style.bold('Plan')}`, ...rows, '']
}

function failureText(body: EventOf<'model-failed'>, at: string): string {
  const next = body.fallback ? ` with ${body.fallback}` : ''
  if (body.retryAt === null) return `${body.kind}: ${body.message}`
  return `${body.kind}, next attempt${next} in ${formatMs(Math.max(0, Date.parse(body.retryAt) - Date.parse(at)))}: ${body.message}`
}

function answerWord(decision: EventOf<'human-answered'>['decision']): string {
  return { approve: 'approved', reject: 'rejected', answer: '' }[decision]
}
