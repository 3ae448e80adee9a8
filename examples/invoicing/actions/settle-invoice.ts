import { hook } from 'rowhouse/actions'
import { Payment } from '../schema/payment.entity.ts'

const isOpen = ['sent', 'reminded', 'warned']

/** An invoice is paid with the payment that leaves nothing to be paid. */
export default hook(Payment, async ({ db, row }) => {
  const invoice = row === null ? null : await db.get('Invoice', String(row.invoiceId))
  if (invoice === null || !isOpen.includes(String(invoice.status))) return
  const isPaid = /^(-|0(\.0*)?$)/.test(String(invoice.balance))
  if (isPaid) await db.act('Invoice', 'settle', String(invoice.id))
})
