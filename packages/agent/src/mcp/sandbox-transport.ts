// The MCP client's stdio transport, over a process in the sandbox: one JSON message a line.

import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js'
import type { Sandbox, SandboxProcess } from '@slipway/core/ports'
import { Buffer } from 'node:buffer'

const maxBufferedBytes = 4 * 1024 * 1024

/** A transport that starts the server's command when the client connects. A server that floods its pipe without a line end is ended. */
export function sandboxTransport(sandbox: Sandbox, server: { command: string; args: string[]; env: Record<string, string> }): Transport {
  const incoming = new ReadBuffer()
  let bufferedBytes = 0
  let child: SandboxProcess | null = null

  const transport: Transport = {
    async start() {
      child = await sandbox.start({
        argv: [server.command, ...server.args],
        env: server.env,
        onOutput: (chunk, stream) => (stream === 'stdout' ? receive(chunk) : undefined),
      })
      void child.exited.then(
        () => transport.onclose?.(),
        (error: unknown) => transport.onerror?.(error instanceof Error ? error : new Error(String(error))),
      )
    },
    async send(message) {
      await child?.write(Buffer.from(serializeMessage(message)))
    },
    async close() {
      await child?.kill()
      transport.onclose?.()
    },
  }

  const receive = (chunk: Uint8Array): void => {
    incoming.append(Buffer.from(chunk))
    bufferedBytes = chunk.includes(10) ? chunk.length : bufferedBytes + chunk.length
    if (bufferedBytes > maxBufferedBytes) {
      transport.onerror?.(new Error('the MCP server sent a message over 4 MB'))
      void child?.kill()
      return
    }
    for (;;) {
      try {
        const message = incoming.readMessage()
        if (message === null) return
        transport.onmessage?.(message)
      } catch (error) {
        transport.onerror?.(error instanceof Error ? error : new Error(String(error)))
      }
    }
  }

  return transport
}
