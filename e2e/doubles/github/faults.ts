// Faults that a test orders from the double: what a flaky network or a busy GitHub does to one matching request.

export type Fault =
  /** The work is done (after) or not (before), and the connection breaks without an answer. */
  | { kind: 'drop'; when: 'before' | 'after' }
  | { kind: 'status'; status: 500 | 502 | 503; when: 'before' | 'after' }
  /** The work is done, and no answer ever comes. */
  | { kind: 'silence' }
  /** Something else happens: before the request is carried out, while it is, or after it, in the place of its answer. */
  | { kind: 'meanwhile'; when: 'before' | 'during' | 'after'; run(): Promise<void> }
  /** The request is carried out; half of the answer's body arrives. */
  | { kind: 'cut' }
  | { kind: 'rate-limit'; resetInSeconds: number }
  | { kind: 'secondary-rate-limit'; retryAfterSeconds: number }
  /** 401 whose message repeats the Authorization header, as careless proxies do. */
  | { kind: 'echo-authorization' }
  /** Refused in these words; git shows them as coming from the other side. */
  | { kind: 'say'; status: number; message: string }
  /** The answer comes late. */
  | { kind: 'slow'; delayMs: number }

export interface FaultOrder {
  method?: string
  /** Matched against the path with its query. */
  path: RegExp
  fault: Fault
  /** How many matching requests are hit; default 1. */
  times?: number
  /** Called when a request is hit, before anything is done. */
  taken?(): void
}

export interface FaultPlan {
  order(order: FaultOrder): void
  /** The fault for this request, used up by asking. */
  take(method: string, path: string): Fault | null
}

export function createFaultPlan(orders: FaultOrder[]): FaultPlan {
  const open = orders.map(withCount)
  return {
    order: (order) => void open.push(withCount(order)),
    take(method, path) {
      const hit = open.find((order) => order.left > 0 && (order.method ?? method) === method && order.path.test(path))
      if (!hit) return null
      hit.left -= 1
      hit.taken?.()
      return hit.fault
    },
  }
}

function withCount(order: FaultOrder): FaultOrder & { left: number } {
  return { ...order, left: order.times ?? 1 }
}
