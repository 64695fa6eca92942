import { isatty } from 'node:tty'

/** Whether a terminal is at any end of this process, so that one can hang up. */
export function isAtTerminal(): boolean {
  return [0, 1, 2].some((descriptor) => isatty(descriptor))
}
