import type { CustomContainerComponentProps } from 'virtua'

/**
 * The body of a list that draws only what is seen, for its `as`. It takes clicks also while the list scrolls: lists here scroll by
 * themselves whenever something comes in, and a click that falls just then counts as any other.
 */
export function ListBody({ style, ...rest }: CustomContainerComponentProps) {
  return <div {...rest} style={{ ...style, pointerEvents: undefined }} />
}
