// A credential in memory. It prints as `[secret]` wherever it is logged, joined or serialised by mistake.

const INSPECT = Symbol.for('nodejs.util.inspect.custom')
const MASK = '[secret]'

export interface Secret {
  /** The only way to the value. Call it where the value is used, never to store or log it. */
  reveal(): string
  toString(): string
  toJSON(): string
}

/** Wraps a value so that only `reveal()` gives it back. */
export function makeSecret(value: string): Secret {
  return Object.freeze({
    reveal: () => value,
    toString: () => MASK,
    toJSON: () => MASK,
    [Symbol.toPrimitive]: () => MASK,
    [INSPECT]: () => MASK,
  })
}
