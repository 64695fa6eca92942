'use client'

import { ArrowDown, ArrowUp } from 'lucide-react'
import { useState } from 'react'
import { nextOrder, sortRows, type Column, type Order } from './sort-rows.ts'

interface Props<Row> {
  name: string
  rows: readonly Row[]
  /** The first one names the row. */
  columns: readonly Column<Row>[]
  order: Order
  keyOf(row: Row): string
}

/** Rows of figures, sorted by the column that somebody chose. */
export function SortableTable<Row>({ name, rows, columns, order: first, keyOf }: Props<Row>) {
  const [order, setOrder] = useState(first)
  const isFigure = (column: Column<Row>): boolean => column !== columns[0]
  return (
    <div className="overflow-x-auto rounded-lg border border-border bg-surface" tabIndex={0} role="region" aria-label={name}>
      <table className="w-full text-sm tabular-nums">
        <caption className="sr-only">{name}</caption>
        <thead>
          <tr className="border-b border-border text-xs text-muted">
            {columns.map((column) => {
              const isSorted = order.key === column.key
              const Arrow = order.isDescending ? ArrowDown : ArrowUp
              return (
                <th
                  key={column.key}
                  scope="col"
                  aria-sort={isSorted ? (order.isDescending ? 'descending' : 'ascending') : undefined}
                  className={`font-medium ${isFigure(column) ? 'text-right' : 'text-left'}`}
                >
                  <button
                    type="button"
                    onClick={() => setOrder((before) => nextOrder(before, column.key, isFigure(column)))}
                    className={`inline-flex min-h-8 items-center gap-1 whitespace-nowrap hover:text-foreground ${isFigure(column) ? 'px-2' : 'px-3'} ${isSorted ? 'text-foreground' : ''}`}
                  >
                    {column.name}
                    <Arrow aria-hidden className={`size-3 ${isSorted ? '' : 'invisible'} ${isFigure(column) ? '-order-1' : ''}`} />
                  </button>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody className="divide-y divide-separator">
          {sortRows(rows, columns, order).map((row) => (
            <tr key={keyOf(row)} className="hover:bg-surface-secondary">
              {columns.map((column) => {
                const text = column.show?.(row) ?? String(column.value(row) ?? '–')
                return isFigure(column) ? (
                  <td key={column.key} className="px-2 py-2 text-right whitespace-nowrap">
                    {text}
                  </td>
                ) : (
                  <th key={column.key} scope="row" className="max-w-72 min-w-36 px-3 py-2 text-left font-normal break-words">
                    {text}
                  </th>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
