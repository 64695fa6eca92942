import type { SessionEvent } from '@slipway/core/events'
import { replay } from '@slipway/core/reduce'
import { expect, test } from 'vitest'
import { message, sessionCreated } from '../testing/test-store.ts'
import { exportHtml } from './export-html.ts'
import { viewSession } from './session-view.ts'

const at = '2026-01-01T00:00:00.000Z'

test('the page shows what was said and runs, loads and hides nothing of it', () => {
  const evil = '<script>alert(1)</script> ![x](https://evil.example/x.png) [y](javascript:alert(1)) "><img src=x onerror=alert(1)>'
  const bodies = [{ ...sessionCreated, title: `Clock ${evil}`, task: { ...sessionCreated.task, text: evil } }, message(evil)]
  const events = bodies.map(
    (body, index): SessionEvent => ({ id: `${index}`, sessionId: 's', seq: index + 1, at, version: 1, actor: { kind: 'agent' }, body }),
  )
  const html = exportHtml(viewSession(replay(events), { createdAt: at, updatedAt: at }), events)
  expect(html).toContain('alert(1)')
  expect(html).not.toMatch(/<script|<img|<iframe|href="javascript|src=["']?http/i)
  expect(html).toContain("default-src 'none'")
})
