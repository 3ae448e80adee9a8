import { on } from 'rowhouse/workers'
import { letterOf } from '../mail/letters.ts'
import { sendMail } from '../mail/send-mail.ts'

/** Mails an invoice, and what is to be said when it is overdue, to whom the customer named for bills. */
export default on(
  ['Invoice.sent', 'Invoice.reminded', 'Invoice.warned'],
  async ({ event, db, log }) => {
    const invoice = await db.get('Invoice', event.key)
    const order = invoice === null ? null : await db.get('Order', String(invoice.orderId))
    // Paid or taken back in the meantime.
    if (invoice === null || order === null || invoice.status !== event.type) return
    const where = { customer: String(order.customerId), part: 'billing' }
    const contacts = await db.find('Contact', { where, orderBy: ['email'] })
    if (contacts.length === 0) throw new Error(`Nobody is named for the bills of ${String(invoice.number)}.`)
    const to = contacts.map(({ name, email }) => ({ name: String(name), address: String(email) }))
    log(await sendMail({ id: event.id, to, ...letterOf(event.type, invoice) }))
  },
  { as: { service: 'accountant' } },
)
