import type { Row } from 'rowhouse/workers'

/** Subject and text of a mail. */
export interface Letter {
  readonly subject: string
  readonly text: string
}

/** What an invoice that came to a state is mailed with. */
export function letterOf(state: 'sent' | 'reminded' | 'warned', invoice: Row): Letter {
  const word = (field: string) => String(invoice[field])
  const [number, currency, dueOn] = [word('number'), word('currency'), word('dueOn')]
  if (state === 'sent')
    return {
      subject: `Invoice ${number}`,
      text: `We billed your order with ${word('amount')} ${currency}. Please pay until ${dueOn}, and name ${number}.`,
    }
  const text = `${word('balance')} ${currency} of invoice ${number} were due on ${dueOn}.`
  if (state === 'reminded') return { subject: `Reminder: invoice ${number}`, text: `${text} Has it been overlooked?` }
  return { subject: `Last reminder: invoice ${number}`, text: `${text} Please pay within a week.` }
}
