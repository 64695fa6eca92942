// Why a model call failed, in the terms that decide what happens next.

/**
 * rate-limit, overloaded, server, network, cut, stalled, empty, repeating: tried again with back-off.
 * overflow: the context is compacted once.
 * auth, quota, rejected, no-tools: a person is needed.
 * interrupted: the worker died during the call. stopped: a person stopped it.
 */
export type FailureKind =
  | 'rate-limit'
  | 'overloaded'
  | 'server'
  | 'network'
  | 'cut'
  | 'stalled'
  | 'empty'
  | 'repeating'
  | 'overflow'
  | 'auth'
  | 'quota'
  | 'rejected'
  | 'no-tools'
  | 'interrupted'
  | 'stopped'

/** What is known of a failure at the wire. Text is already free of credentials. */
export interface RawFailure {
  status: number | null
  message: string
  /** Provider's error type or code where it names one, such as `rate_limit_error`. */
  code: string | null
  /** From `retry-after-ms` or `retry-after` (seconds or HTTP date), in milliseconds from now. */
  retryAfterMs: number | null
  cause: 'http' | 'connection' | 'cut' | 'stalled' | 'empty' | 'repeating' | 'aborted'
}
