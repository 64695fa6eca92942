// A sample project as data: files with a failing test, the task in words, and the edits that a model would try.

export interface Edit {
  old_text: string
  new_text: string
}

export interface Sample {
  name: string
  files: Record<string, string>
  task: string
  /** Fails at first, fails after `wrongEdit`, passes after `rightEdit` on top of it. */
  check: string
  /** The file with the fault in it. */
  source: string
  wrongEdit: Edit
  rightEdit: Edit
  title: string
  summary: string
}
