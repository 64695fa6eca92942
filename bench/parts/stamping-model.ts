// Starts the model that writes into each piece of text when it sent it.

import { fork, type ChildProcess } from 'node:child_process'
import type { StampingOrders } from './stamping-model.child.ts'

export interface StampingModel {
  url: string
  /** Resolves when so many streams wait. */
  waitFor(count: number): Promise<void>
  /** All streams that wait begin. */
  go(orders: StampingOrders): void
  close(): void
}

export async function startStampingModel(): Promise<StampingModel> {
  const child: ChildProcess = fork(new URL('./stamping-model.child.ts', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let look: (waiting: number) => void = () => undefined
  const url = await new Promise<string>((resolve) => {
    child.on('message', (message: { url?: string; waiting?: number }) => {
      if (message.url !== undefined) resolve(message.url)
      if (message.waiting !== undefined) look(message.waiting)
    })
  })
  return {
    url,
    waitFor: (count) =>
      new Promise((resolve) => {
        look = (waiting) => {
          if (waiting >= count) resolve()
        }
      }),
    go: (orders) => void child.send(orders),
    close: () => child.disconnect(),
  }
}
