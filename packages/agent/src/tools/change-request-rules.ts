// What a repository wants of its change requests: `change_requests` in `.slipway/policy.yaml`, read at the base commit, which no agent wrote.

import { matchesAnyGlob } from '@slipway/core/policy/glob'
import type { Repositories } from '@slipway/core/ports'
import type { RepositoryRef } from '@slipway/core/events'
import { z } from 'zod'

export const POLICY_PATH = '.slipway/policy.yaml'

const maxBytes = 64 * 1024
const name = z.string().regex(/^@?[\w][\w./-]{0,99}$/, 'is not the name of a person or of group/team')
const fileShape = z.object({
  change_requests: z
    .strictObject({
      // A comma separates labels on GitLab.
      labels: z
        .array(
          z
            .string()
            .trim()
            .min(1)
            .max(50)
            .regex(/^[^,]*$/, 'may not hold a comma'),
        )
        .max(20)
        .default([]),
      reviewers: z
        .array(z.strictObject({ names: z.array(name).min(1).max(20), paths: z.array(z.string().max(300)).max(50).default([]) }))
        .max(50)
        .default([]),
    })
    .default({ labels: [], reviewers: [] }),
})

export interface WantedMarks {
  labels: string[]
  reviewers: string[]
  /** Mistakes in the file, in words; nothing of it is used then. */
  problems: string[]
}

const nothing: WantedMarks = { labels: [], reviewers: [], problems: [] }

/** Those of the rules that the changed paths meet; a rule without paths is always met. */
export async function wantedMarks(
  repositories: Pick<Repositories, 'readFile'>,
  at: { repository: RepositoryRef; baseOid: string; paths: string[] },
): Promise<WantedMarks> {
  const text = await repositories.readFile({ repository: at.repository, oid: at.baseOid, path: POLICY_PATH, maxBytes })
  if (text === null || text.trim() === '') return nothing
  const parsed = await parse(text)
  if (!parsed.ok) return { ...nothing, problems: parsed.problems }
  const { labels, reviewers } = parsed.rules
  const met = reviewers.filter(({ paths }) => paths.length === 0 || at.paths.some((path) => matchesAnyGlob(path, paths)))
  const names = met.flatMap((rule) => rule.names.map((each) => each.replace(/^@/, '')))
  return { labels: [...new Set(labels)], reviewers: [...new Set(names)], problems: [] }
}

type Rules = z.output<typeof fileShape>['change_requests']

async function parse(text: string): Promise<{ ok: true; rules: Rules } | { ok: false; problems: string[] }> {
  const yaml = await import('yaml')
  const document = yaml.parseDocument(text, { uniqueKeys: true, logLevel: 'silent' })
  const [error] = document.errors
  if (error) return { ok: false, problems: [`${POLICY_PATH}: ${error.message.split('\n')[0]}`] }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 20 }) ?? {}
  } catch {
    return { ok: false, problems: [`${POLICY_PATH} repeats itself too often with aliases; write it out.`] }
  }
  const parsed = fileShape.safeParse(value)
  if (parsed.success) return { ok: true, rules: parsed.data.change_requests }
  return {
    ok: false,
    problems: parsed.error.issues.slice(0, 5).map((issue) => `${POLICY_PATH}, ${issue.path.join('.')}: ${issue.message}`),
  }
}
