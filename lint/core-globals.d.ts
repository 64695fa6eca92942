// What `core` may use beyond the language itself: conversions without state, clock or outside world.

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes?: Uint8Array): string
}

declare function structuredClone<T>(value: T): T

/** Only as a type in the ports: core never makes one. */
interface AbortSignal {
  readonly aborted: boolean
}
