import { hook } from 'rowhouse/actions'
import { Loan } from '../schema/options.entity.ts'

export default hook(Loan, ({ input, raise }) => {
  if (input.returnedOn === '2000-01-01') raise('LOAN_TOO_OLD', 'Nobody lent machines then.', ['returnedOn'])
})
