import { action } from 'rowhouse/actions'
import { Order } from '../schema/order.entity.ts'

const dayMs = 86_400_000

/** The invoice is a draft: whoever sends it looks at it before. */
export default action(Order, 'bill', async ({ db, row, now, raise }) => {
  const [earlier] = await db.find('Invoice', { where: { order: String(row.id) }, first: 1 })
  if (earlier !== undefined) raise('BILLED', `${String(row.number)} is billed already, by ${String(earlier.number)}.`)
  const customer = await db.get('Customer', String(row.customerId))
  const dueOn = new Date(now.getTime() + Number(customer?.paymentTerm) * dayMs).toISOString().slice(0, 10)
  return await db.create('Invoice', { orderId: row.id, currency: row.currency, amount: row.total, dueOn })
})
