// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { MarkdownView } from './markdown-view.tsx'

afterEach(cleanup)

test('the columns of a table stand as they were asked to, without a style of the text’s own', () => {
  const text = '| Train | Platform | Minutes | Note |\n| :-- | :-: | --: | --- |\n| Coast | 4 | 152 | late |'
  render(<MarkdownView text={text} isStreaming={false} />)
  const cells = [...screen.getAllByRole('columnheader'), ...screen.getAllByRole('cell')]
  expect(cells.map((cell) => /text-(left|center|right)/.exec(cell.className)?.[1])).toEqual([
    ...['left', 'center', 'right', 'left'],
    ...['left', 'center', 'right', 'left'],
  ])
  expect(cells.map((cell) => cell.getAttribute('style'))).toEqual(Array.from({ length: 8 }, () => null))
})
