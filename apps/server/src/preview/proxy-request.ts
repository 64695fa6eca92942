// Carries one request into a sandbox and its answer back. Each has a connection of its own, so that nothing of one can be
// taken for a part of the next.

import { type ClientRequest, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import { type Duplex, pipeline, Transform } from 'node:stream'
import { headersInward, headersOutward, type PreviewPlace } from './proxy-headers.ts'
import { type Notice, sendNotice } from './preview-pages.ts'

export interface ProxyLimits {
  uploadBytes: number
  answerBytes: number
  /** Until the first byte of the answer. */
  firstByteMs: number
  /** Between two pieces of the answer, or of what the browser takes of it. */
  silenceMs: number
  headerBytes: number
}

const MIB = 1024 * 1024

export const proxyLimits: ProxyLimits = {
  uploadBytes: 100 * MIB,
  answerBytes: 1024 * MIB,
  // A development server may compile a whole application for its first page.
  firstByteMs: 120_000,
  silenceMs: 600_000,
  headerBytes: 32 * 1024,
}

export interface Exchange {
  socket: Duplex
  place: PreviewPlace
  limits: ProxyLimits
  /** Ends the exchange wherever it is. */
  ended: AbortSignal
}

/** Opens the request inward; its body is still to be sent. Throws when Node cannot send such a request. */
export function askInside(
  request: IncomingMessage,
  { socket, place, limits }: Exchange,
  extra: Record<string, string> = {},
): ClientRequest {
  return httpRequest({
    method: request.method,
    path: request.url,
    headers: { ...headersInward(request.headers, place), ...extra },
    setHost: false,
    maxHeaderSize: limits.headerBytes,
    createConnection: () => socket,
  })
}

/** Resolves never and throws nothing: whatever happens ends in an answer or in a closed connection. */
export function proxyRequest(request: IncomingMessage, response: ServerResponse, exchange: Exchange): void {
  const { socket, place, limits, ended } = exchange
  let inward: ClientRequest
  try {
    inward = askInside(request, exchange)
  } catch {
    socket.destroy()
    return sendNotice(response, unreadable, place.framedBy)
  }
  let isFailed = false
  const fail = (notice: Notice): void => {
    // What is torn down reports an error of its own.
    if (isFailed) return
    isFailed = true
    inward.destroy()
    socket.destroy()
    sendNotice(response, notice, place.framedBy)
  }
  inward.on('error', () => fail(broken(place.port)))
  const late = setTimeout(() => fail(tooLate(limits.firstByteMs)), limits.firstByteMs)
  const cut = (): void => {
    clearTimeout(late)
    inward.destroy()
    socket.destroy()
    response.destroy()
  }
  // It may have been taken away while the connection was made.
  if (ended.aborted) return cut()
  ended.addEventListener('abort', cut, { once: true })
  response.once('close', () => {
    ended.removeEventListener('abort', cut)
    clearTimeout(late)
    inward.destroy()
    socket.destroy()
  })
  // Nobody asked for another protocol here.
  inward.on('upgrade', () => fail(broken(place.port)))
  inward.on('response', (answer) => {
    clearTimeout(late)
    try {
      response.writeHead(answer.statusCode ?? 502, headersOutward(answer.headers, place))
    } catch {
      return fail(broken(place.port))
    }
    pipeline(answer, bounded(limits.answerBytes), guardSilence(limits.silenceMs), response, (error) => {
      // A part of an answer must not pass for the whole.
      if (error) response.destroy()
    })
  })
  sendBody(request, inward, limits.uploadBytes, () => fail(tooMuch(limits.uploadBytes)))
}

/** Not by `pipeline`, which would destroy the connection on which the refusal has to go out. */
function sendBody(request: IncomingMessage, inward: ClientRequest, most: number, onTooMuch: () => void): void {
  let passed = 0
  request.on('data', (chunk: Buffer) => {
    passed += chunk.length
    if (passed <= most) return
    request.unpipe(inward).removeAllListeners('data').resume()
    onTooMuch()
  })
  request.pipe(inward)
}

/** Passes bytes on, up to a number. */
function bounded(most: number): Transform {
  let passed = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length
      if (passed > most) done(new Error('more than is carried'))
      else done(null, chunk)
    },
  })
}

/** Fails when nothing passes for so long, whichever side is to blame. */
function guardSilence(silenceMs: number): Transform {
  let timer: NodeJS.Timeout | undefined
  const passing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      wait()
      done(null, chunk)
    },
    destroy(error, done) {
      clearTimeout(timer)
      done(error)
    },
  })
  function wait(): void {
    clearTimeout(timer)
    timer = setTimeout(() => passing.destroy(new Error('silent for too long')), silenceMs)
  }
  wait()
  return passing
}

const unreadable: Notice = {
  status: 400,
  title: 'This address cannot be sent on',
  text: 'It holds characters that must be written as % and two digits.',
}

function broken(port: number): Notice {
  return {
    status: 502,
    title: 'The application did not answer properly',
    text: `What listens on port ${port} closed the connection, or answered something that is not HTTP. Its output in the Preview tab may say why.`,
  }
}

function tooLate(ms: number): Notice {
  return {
    status: 504,
    title: 'The application does not answer',
    text: `It took the request ${ms / 1000} seconds ago and has said nothing since. Reload, or start the preview again.`,
  }
}

function tooMuch(bytes: number): Notice {
  return {
    status: 413,
    title: 'This is too large for a preview',
    text: `At most ${Math.floor(bytes / MIB)} MB can be sent to the application at once.`,
  }
}
