// Requirements as people type them: each list as lines.

import type { Requirements } from './use-plans.ts'

export type RequirementsText = Record<'goal' | 'included' | 'excluded' | 'acceptanceCriteria' | 'constraints' | 'openQuestions', string>

export function toText({ goal, scope, acceptanceCriteria, constraints, openQuestions }: Requirements): RequirementsText {
  return {
    goal,
    included: scope.included.join('\n'),
    excluded: scope.excluded.join('\n'),
    acceptanceCriteria: acceptanceCriteria.join('\n'),
    constraints: constraints.join('\n'),
    openQuestions: openQuestions.join('\n'),
  }
}

/** Empty lines count for nothing. */
export function fromText({ goal, included, excluded, acceptanceCriteria, constraints, openQuestions }: RequirementsText): Requirements {
  return {
    goal: goal.trim(),
    scope: { included: linesOf(included), excluded: linesOf(excluded) },
    acceptanceCriteria: linesOf(acceptanceCriteria),
    constraints: linesOf(constraints),
    openQuestions: linesOf(openQuestions),
  }
}

export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
