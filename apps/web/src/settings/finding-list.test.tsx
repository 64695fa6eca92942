// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { FindingList } from './finding-list.tsx'

afterEach(cleanup)

test('what is copied is a command alone, and advice without one has nothing to copy', async () => {
  const copied: string[] = []
  vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (text) => void copied.push(text))
  const finding = { state: 'fail' as const, summary: 's', cause: 'c' }
  const findings = [
    { ...finding, name: 'git', fix: 'sudo apt-get install git' },
    { ...finding, name: 'Port', fix: 'Take another port (`export PORT=3001`) or end that program: `kill 7`' },
    { ...finding, name: 'Mail', fix: 'Check SMTP_URL, and that this machine may connect there.' },
  ]
  render(<FindingList findings={findings} />)
  for (const button of screen.getAllByRole('button')) fireEvent.click(button)
  expect(copied).toEqual(['sudo apt-get install git', 'export PORT=3001', 'kill 7'])
  expect(document.body.textContent).toContain('Take another port (export PORT=3001) or end that program: kill 7')
  await screen.findAllByRole('button', { name: /^Copied/ })
})
