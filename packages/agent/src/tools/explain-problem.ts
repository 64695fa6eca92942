import type { FileProblem } from '@slipway/core/ports'

/** What a file problem means for the model, and what to do about it. */
export function explainProblem(path: string, problem: FileProblem, message: string): string {
  switch (problem) {
    case 'missing':
      return `${path} does not exist. Find it with list_files or search.`
    case 'directory':
      return `${path} is a folder. Use list_files.`
    case 'outside':
      return `${path} is outside the work tree. Paths are relative to its root.`
    case 'changed':
      return `${path} has changed since you read it. Read it again, then repeat the change.`
    case 'special':
    case 'too-large':
    case 'denied':
      return message.includes(path) ? message : `${path}: ${message}`
  }
}
