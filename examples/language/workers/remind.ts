import { text } from 'rowhouse/schema'
import { worker } from 'rowhouse/workers'

// Of the action `remind`: its input, and the key of the row that it was called for.
export default worker({ input: { id: text(), message: text() } }, ({ input, log }) => {
  log(`Loan ${input.id}: ${input.message}`)
})
