// Nothing helps but a person who connects an account: the call stays open, and goes on when they say so.

/** Thrown by a tool whose effect can be begun again; the message says what to do. */
export class NeedsAccount extends Error {
  readonly code = 'needs-account'
  constructor(message: string) {
    super(message)
    this.name = 'NeedsAccount'
  }
}
