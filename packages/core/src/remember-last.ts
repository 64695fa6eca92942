// Answers that never change, such as what a commit holds: asked for once, shared by whoever asks at the same time or soon after.

/** Calls `ask` for keys that are not among the last `count`; a rejection is not remembered. */
export function rememberLast<Answer>(count: number): (key: string, ask: () => Promise<Answer>) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>()
  return (key, ask) => {
    const known = answers.get(key)
    if (known !== undefined) return known
    const answer = ask()
    answers.set(key, answer)
    void answer.catch(() => answers.get(key) === answer && answers.delete(key))
    const [oldest] = answers.keys()
    if (answers.size > count && oldest !== undefined) answers.delete(oldest)
    return answer
  }
}
