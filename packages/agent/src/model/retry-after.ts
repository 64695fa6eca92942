// When a provider says that it may be asked again.

/** Milliseconds to wait, from `retry-after-ms`, `retry-after` (seconds or HTTP date) or a `retryDelay` in the error's body; null when nothing is said. */
export function retryAfterMs(headers: Record<string, string>, body: string | null, now: number): number | null {
  return fromMilliseconds(headers['retry-after-ms']) ?? fromHeader(headers['retry-after'], now) ?? fromBody(body)
}

function fromMilliseconds(value: string | undefined): number | null {
  return wait(value === undefined || value.trim() === '' ? Number.NaN : Number(value))
}

function fromHeader(value: string | undefined, now: number): number | null {
  if (value === undefined || value.trim() === '') return null
  const secondsGiven = Number(value)
  return wait(Number.isNaN(secondsGiven) ? Date.parse(value) - now : secondsGiven * 1000)
}

/** Google names the delay in `error.details[]` as `google.rpc.RetryInfo`: `"retryDelay": "34.4s"`. */
function fromBody(body: string | null): number | null {
  const found = body === null ? null : /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(body)
  return found ? wait(Number(found[1]) * 1000) : null
}

function wait(ms: number): number | null {
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : null
}
