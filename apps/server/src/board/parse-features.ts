// A repository's own list of what it is to become: `.slipway/features.yaml`.

import { parse } from 'yaml'
import { z } from 'zod'

export const FEATURES_PATH = '.slipway/features.yaml'
export const MAX_FEATURES_BYTES = 512 * 1024
const MOST_FEATURES = 500

const id = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, 'an id is up to 64 letters, digits, dots, dashes and underscores')
const featureSchema = z.strictObject({
  id,
  title: z.string().trim().min(1).max(200),
  description: z.string().max(5_000).default(''),
  status: z.enum(['todo', 'doing', 'done']).optional(),
  needs: z.array(id).max(50).default([]),
})
const fileSchema = z.strictObject({ features: z.array(featureSchema).max(MOST_FEATURES) })

export type Feature = z.infer<typeof featureSchema>

/** What is wrong is told in words; the features that are right are used. */
export function parseFeatures(text: string): { features: Feature[]; problems: string[] } {
  let raw: unknown
  try {
    // Aliases could make a small file a huge one.
    raw = parse(text, { maxAliasCount: 0 })
  } catch (error) {
    return { features: [], problems: [`${FEATURES_PATH} is no valid YAML: ${firstLine(error)}`] }
  }
  if (raw === null) return { features: [], problems: [] }
  const whole = fileSchema.safeParse(raw)
  const list = whole.success ? whole.data.features : listIn(raw)
  if (list === null) return { features: [], problems: [`${FEATURES_PATH} needs a list called \`features\`, each with an id and a title.`] }
  const problems: string[] = []
  const features: Feature[] = []
  const seen = new Set<string>()
  for (const [index, item] of list.slice(0, MOST_FEATURES).entries()) {
    const one = featureSchema.safeParse(item)
    if (!one.success)
      problems.push(`Feature ${index + 1}: ${one.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`)
    else if (seen.has(one.data.id)) problems.push(`Feature ${index + 1}: the id ${one.data.id} is there twice.`)
    else {
      seen.add(one.data.id)
      features.push(one.data)
    }
  }
  if (list.length > MOST_FEATURES) problems.push(`Only the first ${MOST_FEATURES} features are shown.`)
  const unknown = features.flatMap((feature) =>
    feature.needs.filter((need) => !seen.has(need)).map((need) => `${feature.id} needs ${need}`),
  )
  if (unknown.length > 0) problems.push(`Not in the list: ${unknown.slice(0, 10).join(', ')}.`)
  return { features: features.map((feature) => ({ ...feature, needs: feature.needs.filter((need) => seen.has(need)) })), problems }
}

function listIn(raw: unknown): unknown[] | null {
  const list = typeof raw === 'object' && raw !== null ? (raw as { features?: unknown }).features : undefined
  return Array.isArray(list) ? list : null
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
