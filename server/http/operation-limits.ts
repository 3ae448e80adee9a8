import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { countFields } from './count-fields.ts'
import { countRows } from './count-rows.ts'

/** Fields that a document may select. Planning takes time with their square: 250 lists take a second. GraphiQL's own query has 238. */
export const maxFields = 400

/** Rows that an operation may ask for: three lists inside each other, each of the default size, with a little beside them. */
export const maxRows = 1_200_000

/**
 * Refuses with LIMIT what would keep the server or the database busy for long: too many fields, before they are validated or planned, because each
 * level of fragments can double them; and too many rows, before any is read.
 */
export function useOperationLimits(): Plugin {
  return {
    onValidate({ params, setResult }) {
      if (countFields(params.documentAST) <= maxFields) return
      setResult([refusal(`The request selects more than ${maxFields} fields. Ask for less at once.`)])
    },
    onExecute({ args, setResultAndStopExecution }) {
      if (countRows(args) <= maxRows) return
      const message = `The request may ask for more than ${maxRows} rows: nested lists multiply. Ask for smaller pages with "first".`
      setResultAndStopExecution({ errors: [refusal(message)] })
    },
  }
}

function refusal(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'LIMIT' } })
}
