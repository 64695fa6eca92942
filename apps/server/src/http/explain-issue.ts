// What is wrong with a field of a request, in the words of whoever sent it.

import type { z } from 'zod'

type Issue = z.core.$ZodIssue

const longestName = 80

/** One sentence without its full stop, such as `task: is missing; send a text`. */
export function explainIssue(issue: Issue): string {
  const place = issue.path.map(String).join('.').slice(0, longestName)
  const problem = problemOf(issue)
  return place === '' ? problem : `${place}: ${problem}`
}

/** How the library begins what it says by itself; anything else was written for this field. */
const ownWords = /^(?:Invalid|Too|Unrecognized)/

function problemOf(issue: Issue): string {
  if (!ownWords.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? `is missing; send ${kindOf(issue.expected)}`
        : `must be ${kindOf(issue.expected)}`
    case 'too_small':
      return boundOf(issue, issue.minimum, {
        short: 'is empty; send something in it',
        text: 'at least',
        number: 'must not be below',
        isOpen: !(issue.inclusive ?? true),
      })
    case 'too_big':
      return boundOf(issue, issue.maximum, {
        short: 'must be empty',
        text: 'at most',
        number: 'must not be above',
        isOpen: !(issue.inclusive ?? true),
      })
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'unrecognized_keys':
      return `there is no field ${issue.keys
        .map((key) => JSON.stringify(key.slice(0, longestName)))
        .join(', ')
        .slice(0, 400)}; leave it out, or see /api/v1/openapi.json`
    default:
      return issue.message
  }
}

interface Words {
  short: string
  text: string
  number: string
  /** The bound itself is not allowed. */
  isOpen: boolean
}

function boundOf({ origin }: { origin: string }, bound: number | bigint, { short, text, number, isOpen }: Words): string {
  if (origin === 'string') return Number(bound) <= 1 ? short : `must have ${text} ${bound} characters`
  if (origin === 'array') return Number(bound) <= 1 ? short : `must have ${text} ${bound} entries`
  return isOpen ? `must not be ${bound} or ${text === 'at least' ? 'below' : 'above'}` : `${number} ${bound}`
}

function kindOf(expected: string): string {
  switch (expected) {
    case 'string':
      return 'a text'
    case 'number':
      return 'a number'
    case 'int':
      return 'a whole number'
    case 'boolean':
      return 'true or false'
    case 'array':
      return 'a list'
    case 'object':
      return 'a JSON object'
    default:
      return `a value of the kind ${expected}`
  }
}
