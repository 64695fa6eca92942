import { resolveTheme } from '@pierre/diffs'
import { expect, test } from 'vitest'
import { backgrounds, contrastOf, diffThemes, LEAST_CONTRAST } from './diff-themes.ts'

test.for(['dark', 'light'] as const)('all code of a %s diff can be read on added and removed lines', async (mode) => {
  const rules = (await resolveTheme(diffThemes[mode])).textmate?.settings ?? []
  const colours = [...new Set(rules.flatMap(({ settings }) => settings.foreground ?? []))]
  const faint = colours.filter((colour) => backgrounds[mode].some((background) => contrastOf(colour, background) < LEAST_CONTRAST))
  expect([colours.length > 10, faint]).toEqual([true, []])
})
