import { useMemo, type ReactElement } from 'react'
import type { Row } from './row.ts'
import { RowView } from './row-view.tsx'

/** Rows as elements, each made once: while the list scrolls, it draws again what is another element than before. */
export function useRowElements(at: 'now' | number, isSought: (row: Row) => boolean): (row: Row) => ReactElement {
  return useMemo(() => {
    const made = new WeakMap<Row, ReactElement>()
    return (row) => {
      let element = made.get(row)
      if (element === undefined) {
        element = <RowView key={row.key} row={row} isLater={at !== 'now' && row.seq > at} isSought={isSought(row)} />
        made.set(row, element)
      }
      return element
    }
  }, [at, isSought])
}
