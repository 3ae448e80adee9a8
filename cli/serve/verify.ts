import { connect } from '#migrations'
import { type BootProblem, bootError, type VerifyOptions, verifyDatabase } from '#server'

/**
 * Looks at a database as the server's login and refuses to serve on it when anything is not as it must be.
 *
 * @param url of the server's login
 * @throws OperatorError whose code is that of the first problem, and whose message lists all
 */
export async function verify(url: string, options: VerifyOptions): Promise<void> {
  const [first, ...more] = await problemsOf(url, options)
  if (first !== undefined) throw bootError([first, ...more])
}

/** What {@link verify} would refuse a database for. */
export async function problemsOf(url: string, options: VerifyOptions): Promise<readonly BootProblem[]> {
  const client = await connect(url, { applicationName: 'rowhouse boot checks' })
  try {
    return await verifyDatabase(client, options)
  } finally {
    await client.end().catch(() => undefined)
  }
}
