import type { Letter } from './letters.ts'

/** A mail to be sent. */
export interface Mail extends Letter {
  /** The same when it is tried again, by which mail programs show it once. */
  readonly id: string
  readonly to: readonly { readonly name: string; readonly address: string }[]
}

/** Sends a mail by the server of `SMTP_URL` (`smtp://user:password@mail.example:587`), none where there is no such variable; says what it did. */
export async function sendMail({ id, to, ...letter }: Mail): Promise<string> {
  const url = process.env.SMTP_URL
  const people = to.map(({ address }) => address).join(', ')
  if (url === undefined) return `"${letter.subject}" would be mailed to ${people}, but SMTP_URL is not set.`
  const { createTransport } = await import('nodemailer')
  const from = process.env.MAIL_FROM ?? 'billing@invoicing.example'
  const transport = createTransport(url)
  await transport.sendMail({ from, to: [...to], messageId: `<${id}@invoicing.example>`, ...letter })
  transport.close()
  return `"${letter.subject}" was mailed to ${people}.`
}
