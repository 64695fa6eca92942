export interface Order {
  key: string
  isDescending: boolean
}

export interface Column<Row> {
  key: string
  name: string
  /** What is compared; null comes last whichever way it goes. */
  value(row: Row): number | string | null
  show?(row: Row): string
}

/** A sorted copy; rows that are equal keep their order. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], { key, isDescending }: Order): Row[] {
  const column = columns.find((one) => one.key === key)
  if (column === undefined) return [...rows]
  const direction = isDescending ? -1 : 1
  return rows.toSorted((a, b) => {
    const [left, right] = [column.value(a), column.value(b)]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    if (typeof left === 'number' && typeof right === 'number') return (left - right) * direction
    return String(left).localeCompare(String(right), 'en-GB', { numeric: true, sensitivity: 'base' }) * direction
  })
}

/** A second click on a column turns it round; figures begin with the largest, words with the first. */
export function nextOrder(before: Order, key: string, isFigure: boolean): Order {
  return before.key === key ? { key, isDescending: !before.isDescending } : { key, isDescending: isFigure }
}
