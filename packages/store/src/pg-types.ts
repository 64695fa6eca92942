import { types, type CustomTypesConfig } from 'pg'

/** bigint as number (ours are micro-dollars and counters, far below 2^53), timestamps as ISO 8601 text in UTC with milliseconds. */
export const pgTypes: CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format === 'binary') return types.getTypeParser(oid, 'binary')
    if (oid === types.builtins.INT8) return Number
    if (oid === types.builtins.TIMESTAMPTZ) return timestampText
    return types.getTypeParser(oid, 'text')
  },
}

const parseTimestamp: (text: string) => Date = types.getTypeParser(types.builtins.TIMESTAMPTZ, 'text')

function timestampText(text: string): string {
  return parseTimestamp(text).toISOString()
}
