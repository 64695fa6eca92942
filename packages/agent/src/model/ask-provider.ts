// Small questions to a provider outside a conversation: which models there are, whether a key is accepted.

export type ProviderReply = { ok: true; status: number; json: unknown } | { ok: false; message: string }

/** One JSON request with a deadline; redirects are not followed because keys would go with them. */
export async function askProvider(input: {
  url: string
  headers: Record<string, string>
  timeoutMs: number
  body?: unknown
}): Promise<ProviderReply> {
  try {
    const response = await fetch(input.url, {
      method: input.body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...input.headers,
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(input.timeoutMs),
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    })
    return { ok: true, status: response.status, json: await readJson(response) }
  } catch (error) {
    return { ok: false, message: reason(error) }
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  return error.cause instanceof Error ? error.cause.message || error.message : error.message
}
