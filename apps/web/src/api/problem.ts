// What a refused or failed request says, in one shape for every page.

export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  /** Stable name of the problem; `unreachable` when no answer came. */
  readonly code: string
  /** 0 when no answer came. */
  readonly status: number
  /** Finds the server's log lines; null when no answer came. */
  readonly requestId: string | null

  constructor(input: { code: string; message: string; status: number; requestId: string | null; cause?: unknown }) {
    super(input.message, { cause: input.cause })
    this.code = input.code
    this.status = input.status
    this.requestId = input.requestId
  }
}

/** The problem of an answer that is not 2xx, also when something between browser and server wrote it. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null)
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {}
  return new ApiProblem({
    code: textOr(error['code'], 'unexpected'),
    message: textOr(error['message'], `The server answered ${response.status} ${response.statusText}`.trim() + '. Try again.'),
    requestId: typeof error['requestId'] === 'string' ? error['requestId'] : null,
    status: response.status,
  })
}

/** No answer at all: the server is down, or the network is. */
export function unreachable(cause: unknown): ApiProblem {
  return new ApiProblem({
    code: 'unreachable',
    message: 'The server cannot be reached. It may be restarting; nothing you typed is lost.',
    status: 0,
    requestId: null,
    cause,
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback
}
