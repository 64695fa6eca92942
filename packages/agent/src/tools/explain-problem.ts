import type { FileProblem } from '@slipway/core/ports'
import { capLine } from '@slipway/core/text/truncate'

const shownLength = 300

/** What a file problem means for the model, and what to do about it. */
export function explainProblem(given: string, problem: FileProblem, message: string): string {
  const path = capLine(given, shownLength)
  switch (problem) {
    case 'missing':
      return `${path} does not exist. Find it with list_files or search.`
    case 'directory':
      return `${path || 'The root'} is a folder. Use list_files.`
    case 'outside':
      return `${path} is outside the work tree. Paths are relative to its root.`
    case 'changed':
      return `${path} has changed since you read it. Read it again, then repeat the change.`
    case 'special':
    case 'too-large':
    case 'denied':
      return message.includes(given) ? capLine(message, 2 * shownLength) : `${path}: ${message}`
  }
}

/** The same for a file that should be written, where a missing file is no problem but a missing folder is. */
export function explainWriteProblem(path: string, problem: FileProblem, message: string): string {
  if (problem === 'directory') return `${path || 'The root'} is a folder. Give the path of a file in it.`
  if (problem === 'missing')
    return `${capLine(message, shownLength)}. Give a path whose folders are folders; those that do not exist are made.`
  return explainProblem(path, problem, message)
}
