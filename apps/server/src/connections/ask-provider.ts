// One request to a provider about an account: with a deadline, made once, following nobody elsewhere, and with failures
// that repeat nothing of what was sent.

export interface ProviderRequest {
  method: 'GET' | 'POST' | 'DELETE'
  url: string
  headers?: Record<string, string>
  form?: Record<string, string | undefined>
  json?: unknown
}

export type ProviderReply = { ok: true; status: number; body: unknown; headers: Headers } | { ok: false; why: string }

export type AskProvider = (request: ProviderRequest) => Promise<ProviderReply>

const timeoutMs = 10_000
const largestBytes = 1_000_000

/** `timeoutMs`: for the whole request, its answer included. */
export function openAskProvider(options: { timeoutMs?: number } = {}): AskProvider {
  return async ({ method, url, headers, form, json }) => {
    const signal = AbortSignal.timeout(options.timeoutMs ?? timeoutMs)
    try {
      const answer = await fetch(url, {
        method,
        // A redirect would carry the credential to another place.
        redirect: 'manual',
        signal,
        headers: {
          accept: 'application/json',
          'user-agent': 'slipway',
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(form === undefined ? {} : { body: new URLSearchParams(Object.entries(form).filter(isGiven)) }),
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      })
      return { ok: true, status: answer.status, body: parse(await readText(answer)), headers: answer.headers }
    } catch (error) {
      return { ok: false, why: signal.aborted ? 'it did not answer in time' : reasonOf(error) }
    }
  }
}

function isGiven(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined
}

async function readText(answer: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > largestBytes) throw new Error('the answer is too large')
  }
  return text + decoder.decode()
}

/** null for what is no JSON, such as a proxy's page. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const code = (cause as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? `the connection failed (${code})` : 'the connection failed'
}
