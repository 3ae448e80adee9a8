import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll } from 'vitest'

/** What a server of mail was given, oldest first. */
export interface MailServer {
  readonly url: string
  readonly mails: readonly Email[]
  /** Refuses what comes next, so often. */
  refuse(times: number): void
}

/** A server of mail on a free port, for the test file that calls this at its top. */
export function useMailServer(): () => MailServer {
  const mails: Email[] = []
  let refusals = 0
  let running: MailServer | undefined
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        if (refusals-- > 0) return done(new Error('Come back later.'))
        void PostalMime.parse(Buffer.concat(parts)).then((mail) => mails.push(mail))
        return done()
      })
    },
  })
  beforeAll(async () => {
    const listening = server.listen(0, '127.0.0.1')
    await once(listening, 'listening')
    const { port } = listening.address() as AddressInfo
    running = {
      url: `smtp://127.0.0.1:${port}`,
      mails,
      refuse: (times) => {
        refusals = times
      },
    }
  })
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return () => running!
}
