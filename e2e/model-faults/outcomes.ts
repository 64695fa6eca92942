// What Slipway does in each course and what a person reads, in words; for the page and for the proof.

import { explainFailure } from '@slipway/core/errors/explain-failure'
import { ATTEMPTS_BEFORE_FALLBACK, LONGEST_WAIT_MS, MAX_ATTEMPTS } from '@slipway/core/errors/next-attempt'
import type { FaultRow } from './rows.ts'

/** Stands for what differs from provider to provider. */
export const OWN_WORDS = 'what was said'

export function whatSlipwayDoes({ course }: FaultRow): string {
  switch (course.slipway) {
    case 'tries again': {
      const wait =
        course.waitsMs === undefined ? 'after 2, 4, 8 and 16 s (± 25 %)' : `when it is told to, up to ${LONGEST_WAIT_MS / 1_000} s`
      return `\`${course.kind}\`: tries again ${wait}, ${MAX_ATTEMPTS} attempts in all; after ${ATTEMPTS_BEFORE_FALLBACK} the fallback model takes over; then parks`
    }
    case 'parks':
      return course.kind === 'rate-limit'
        ? `\`${course.kind}\`: hands over to the fallback model at once; parks where there is none`
        : `\`${course.kind}\`: parks at once`
    case 'summarises':
      return '`overflow`: summarises the older part once and sends the rest again; parks when that was not enough'
    case 'tells the model':
      return 'carries nothing out; the model reads what was wrong; parks after 5 in a row'
    case 'asks to go on':
      return 'asks the model once to go on; parks the second time in a row'
    case 'parks as declined':
      return 'parks at once'
  }
}

/** What a person reads when it does not stop; `<model>` stands for the model's name. */
export function whatThePersonReads({ course, does }: FaultRow, model = '<model>'): string {
  switch (course.slipway) {
    case 'tries again':
      return explainFailure(course.kind, { model, message: OWN_WORDS })
    case 'parks':
      return explainFailure(course.kind, {
        model,
        message: does.includes('3600') ? `${OWN_WORDS}. It asks for a pause of 60 minutes` : OWN_WORDS,
      })
    case 'summarises':
      return explainFailure('overflow', { model, message: OWN_WORDS })
    case 'tells the model':
      return '5 tool calls in a row were malformed. The model may not be able to use these tools.'
    case 'asks to go on':
      return 'The model’s answer was cut at its length limit again, after it had been asked to go on. Continue to let it go on, ask for less at once, or choose another model.'
    case 'parks as declined':
      return 'The model declined to answer. Rephrase the task with a message, or fork the session with another model.'
  }
}
