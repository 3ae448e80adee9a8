import { action } from 'rowhouse/actions'
import { Order } from '../schema/order.entity.ts'

/** A draft of whoever asks. Its prices are those of the list again: what was agreed was agreed for one order. */
export default action(Order, 'duplicate', async ({ db, row, input }) => {
  const { customerId, currency, notes } = row
  const lines = await db.find('OrderLine', { where: { order: String(row.id) }, orderBy: ['orderPosition'], first: 500 })
  const made = await db.create('Order', { ...input, customerId, currency, notes })
  for (const { productId, quantity } of lines) {
    await db.create('OrderLine', { orderId: made.id, productId, quantity })
  }
  return made
})
