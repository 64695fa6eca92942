// What the exit code of a command tells a script. Shown by `slipway --help`.

export const exitCodes = {
  /** Verified and published. */
  asAsked: 0,
  failed: 1,
  usage: 2,
  notVerified: 3,
  stopped: 4,
  budget: 5,
  waiting: 6,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export const exitCodeHelp = `
Exit codes of run, resume and demo:
  0  done as asked: verified by Slipway itself, and published
  1  failed, or something is broken; the message says what to do
  2  the command line or a setting is wrong
  3  ended, but not verified and published (unverified, partly verified, or nothing changed)
  4  stopped by a person
  5  the budget is used up
  6  waits for a person, and there is nobody at this terminal to ask`
