// Streams text over Anthropic's wire at a steady pace, each piece with the time at which it was sent. All streams begin together,
// when the parent says so, so that what is measured is streaming and not starting.

import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StampingOrders {
  piecesPerSecond: number
  pieces: number
}

const waiting: ServerResponse[] = []

const event = (data: { type: string } & Record<string, unknown>): string => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
const usage = { input_tokens: 2_000, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 }

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    if (request.method === 'GET')
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{"type":"model","id":"claude-sonnet-4-6"}')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const message = {
      id: 'msg',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-6',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage,
    }
    response.write(event({ type: 'message_start', message }))
    response.write(event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }))
    waiting.push(response)
    return process.send?.({ waiting: waiting.length })
  })
})

function stream(response: ServerResponse, orders: StampingOrders): void {
  let sent = 0
  const timer = setInterval(() => {
    if (sent < orders.pieces && !response.destroyed) {
      sent += 1
      const stamp = (performance.timeOrigin + performance.now()).toFixed(2)
      response.write(event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: `<${stamp}> ` } }))
      return
    }
    clearInterval(timer)
    response.write(event({ type: 'content_block_stop', index: 0 }))
    response.write(
      event({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: sent * 8 } }),
    )
    response.end(event({ type: 'message_stop' }))
  }, 1_000 / orders.piecesPerSecond)
}

process.on('message', (orders: StampingOrders) => {
  // Spread over the pace, as streams that nobody tuned to each other are.
  for (const response of waiting.splice(0)) setTimeout(() => stream(response, orders), (Math.random() * 1_000) / orders.piecesPerSecond)
})
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))
