import { script } from 'rowhouse/scripts'

export default script(async ({ db, input }) => {
  const { day } = input as { readonly day: string }
  const orders = await db.find('Order', { where: { createdAt: { atLeast: `${day}T00:00:00Z` } } })
  return { orders: orders.length }
})
