// The colours of code in a diff. Those of the library are too faint on added and removed lines; they are moved away from the
// background until they can be read there, and keep their hue.

import { registerCustomTheme, resolveTheme } from '@pierre/diffs'

type Mode = 'dark' | 'light'
type Theme = Awaited<ReturnType<typeof resolveTheme>>

/** What code stands on, as the page shows it: unchanged, added, removed, and the changed words of an added and a removed line. */
export const backgrounds: Record<Mode, readonly string[]> = {
  dark: ['#141619', '#1e342c', '#402121', '#19513d', '#662427'],
  light: ['#ffffff', '#e7f4ec', '#ffe8e4', '#c8e8d9', '#f9ccca'],
}

/** WCAG 2.2, 1.4.3. */
export const LEAST_CONTRAST = 4.5

export const diffThemes = { dark: 'slipway-dark', light: 'slipway-light' } as const

for (const mode of ['dark', 'light'] as const) registerCustomTheme(diffThemes[mode], () => readable(mode), 'diffs')

/** The library's theme with every colour of a token legible on every background of its mode. */
async function readable(mode: Mode): Promise<Theme> {
  const name = diffThemes[mode]
  const { textmate, ...theme } = await resolveTheme(`pierre-${mode}`)
  if (textmate === undefined) return { ...theme, name }
  const settings = textmate.settings.map((rule) => {
    const { foreground } = rule.settings
    return foreground === undefined ? rule : { ...rule, settings: { ...rule.settings, foreground: legible(foreground, mode) } }
  })
  return { ...theme, name, textmate: { ...textmate, name, settings } }
}

function legible(colour: string, mode: Mode): string {
  const start = channels(colour)
  if (start === null) return colour
  const end = mode === 'dark' ? 255 : 0
  for (let share = 0; share < 1; share += 0.02) {
    const moved = toHex(start.map((channel) => channel + (end - channel) * share))
    if (backgrounds[mode].every((background) => contrastOf(moved, background) >= LEAST_CONTRAST)) return moved
  }
  return toHex([end, end, end])
}

/** Contrast ratio of two colours as WCAG defines it, 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (channels(colour) ?? []).map((channel) => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channels(colour: string): number[] | null {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour)
  return found === null ? null : found.slice(1).map((part) => Number.parseInt(part, 16))
}

function toHex(parts: readonly number[]): string {
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}
