// A part that is opened when it is first asked for, and only once.

export interface Lazily<Part> {
  /** Opens it the first time; after a failure the next call tries again. */
  get(): Promise<Part>
  /** The next `get` opens another one. */
  forget(): void
  /** Does something with it if anybody has opened it. */
  ifOpen(use: (part: Part) => Promise<void>): Promise<void>
}

export function lazily<Part>(open: () => Promise<Part>): Lazily<Part> {
  let opening: Promise<Part> | null = null
  return {
    get() {
      opening ??= open().catch((error: unknown) => {
        opening = null
        throw error
      })
      return opening
    },
    forget() {
      opening = null
    },
    async ifOpen(use) {
      const part = await opening?.catch(() => null)
      if (part) await use(part)
    },
  }
}
