// One JSON line for each thing worth knowing, with request and session ids, and without secrets.

import { pino, type DestinationStream, type Logger } from 'pino'

export interface LoggerOptions {
  level: string
  /** Takes credentials out of a line. */
  redact(text: string): string
  /** Default: standard error, so that standard output stays for what was asked for. */
  destination?: DestinationStream
}

/** Every line passes through `redact` as a whole, whatever field a secret may be in. */
export function openLogger({ level, redact, destination = pino.destination({ fd: 2, sync: true }) }: LoggerOptions): Logger {
  const redacted: DestinationStream = { write: (line) => void destination.write(redact(line)) }
  return pino(
    {
      level,
      base: { service: 'slipway' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    redacted,
  )
}

/** The whole chain of causes; `pino`'s own form would also copy every property, such as a request with its headers. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) }
  const { code } = error as { code?: unknown }
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}
