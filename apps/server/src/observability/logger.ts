// One JSON line for each thing worth knowing, with request and session ids, and without secrets.

import { pino, type DestinationStream, type Logger } from 'pino'

export interface LoggerOptions {
  level: string
  /** Takes credentials out of a line. */
  redact(text: string): string
  /** Default: standard error, so that standard output stays for what was asked for. */
  destination?: DestinationStream
}

/** Every line passes through `redact` as a whole, whatever field a secret may be in; so do keys and shared links. */
export function openLogger({ level, redact, destination = pino.destination({ fd: 2, sync: true }) }: LoggerOptions): Logger {
  const redacted: DestinationStream = { write: (line) => void destination.write(withoutBearers(redact(line))) }
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

/** Keys and links that people made: only their hashes are known here, so they are told by their shape. */
function withoutBearers(line: string): string {
  return line.replace(/\bslipway_[A-Za-z0-9_-]{16,}/g, '[secret]').replace(/(\/shared\/)[A-Za-z0-9_-]{16,}/g, '$1[secret]')
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
