// What a single argument may be. Messages are for the model: what is wrong with it and what to send.

import { z } from 'zod'

/** The kernel takes at most 128 KiB as one argument of a program. */
const longestCommandBytes = 120_000
const longestPath = 4_096
const longestGlob = 1_000
const longestPattern = 10_000

const unstorable = /[\0\p{Surrogate}]/u

const notText = { error: (issue: { input?: unknown }) => (issue.input === undefined ? 'is missing' : 'must be a text') }

/** Words for people, as many as somebody would read. */
export function prose(longest: number) {
  return z.string(notText).max(longest, `is longer than ${longest} characters; shorten it`)
}

/** Text that is carried out as it is, so nothing in it may get lost on the way. */
export const exactText = z
  .string(notText)
  .refine((value) => !unstorable.test(value), 'holds a NUL or half a character (a lone surrogate); write such bytes with bash and printf')

const filled = exactText.min(1, 'is empty')

export const path = filled.max(longestPath, `is longer than ${longestPath} characters, which no file system takes`)
export const optionalPath = optional(exactText.max(longestPath, `is longer than ${longestPath} characters, which no file system takes`))
export const pattern = filled.max(longestPattern, `is longer than ${longestPattern} characters; search for a part of it`)
export const glob = optional(exactText.max(longestGlob, `is longer than ${longestGlob} characters; use a shorter one such as *.ts`))
export const command = filled.refine(
  (value) => new TextEncoder().encode(value).length <= longestCommandBytes,
  `is longer than ${longestCommandBytes} bytes; put it into a file with write_file and run that`,
)
/** Models write numbers for names. */
export const name = z
  .union([z.string(), z.number().transform(String)], { error: 'must be a text' })
  .pipe(z.string().min(1, 'is empty').max(100, 'is no id'))

export const flag = optional(
  z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean({ error: 'must be true or false' })),
)

export function optional<T>(schema: z.ZodType<T>) {
  return schema.nullish().transform((value) => value ?? undefined)
}

/** A number, or a string of one; out of range counts as the nearest bound, and a fraction as the nearest whole number. */
export function optionalWhole(min: number, max: number) {
  return z.preprocess(
    (value) => nearest(value, min, max),
    z.number({ error: 'must be a whole number' }).int('must be a whole number').optional(),
  )
}

function nearest(value: unknown, min: number, max: number): unknown {
  if (value === null || value === '') return undefined
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || Number.isNaN(number)) return value
  return Math.min(max, Math.max(min, Math.round(number)))
}

/** A list with a bound; some models send lists as a JSON string. */
export function listOf<T>(item: z.ZodType<T>, most: number) {
  return z.preprocess(
    fromJson,
    z
      .array(item, { error: (issue) => (issue.input === undefined ? 'is missing' : 'must be a list') })
      .max(most, `has more than ${most} entries; send fewer in one call`),
  )
}

function fromJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}
