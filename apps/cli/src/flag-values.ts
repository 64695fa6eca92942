// How the values of flags are read.

import { InvalidArgumentError } from 'commander'

export function collect(value: string, before: string[]): string[] {
  return [...before, value]
}

export function usd(value: string): number {
  if (!/^\$?\d{1,6}(\.\d{1,6})?$/.test(value)) throw new InvalidArgumentError('It must be an amount in US dollars, such as 5 or 0.50.')
  return Number(value.replace('$', ''))
}

export function count(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It must be a whole number of at most nine digits.')
  return Number(value)
}
