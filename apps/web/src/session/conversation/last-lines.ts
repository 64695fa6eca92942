import { cleanOutput } from '@slipway/core/text/clean'

/** The last lines that say something, without terminal sequences; of a line that was written over, what stands there now. */
export function lastLines(output: string, count: number): string {
  const end = cleanOutput(output.slice(-4_000)).text
  const lines = end.split('\n').map((line) => line.replace(/\r+$/, '').split('\r').at(-1) ?? '')
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n')
}
