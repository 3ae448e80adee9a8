import type { Plugin } from 'graphql-yoga'
import { limitError } from './limit-error.ts'

/** Refuses lists of operations that are longer than they may be, before any is looked at. 0: every list. */
export function useBatchLimit(most: number): Plugin {
  return {
    onRequestParse: () => ({
      onRequestParseDone({ requestParserResult }) {
        if (!Array.isArray(requestParserResult) || (most > 0 && requestParserResult.length <= most)) return
        const message =
          most === 0
            ? 'Lists of operations are not taken here. Send each operation as a request of its own.'
            : `The request holds more than ${most} operations. Send fewer at once.`
        throw limitError({ limit: 'maxBatch', most, message, status: 413 })
      },
    }),
  }
}
