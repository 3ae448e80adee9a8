import { createServer } from 'node:net'
import { OperatorError } from '#base'

/**
 * Listens for a moment, so that a port that is taken is known before any work is done.
 *
 * @throws OperatorError PORT_IN_USE when something else listens there
 * @throws OperatorError CONFIG_INVALID when the address is not one of this machine, or the port needs rights that we lack
 */
export async function checkPort(host: string, port: number): Promise<void> {
  if (port === 0) return
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()))
  })
}

/** The error of `listen` in words for whoever runs the server; other errors as they are. */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new OperatorError(
      'PORT_IN_USE',
      `Port ${port} of ${host} is in use.`,
      'Stop what listens there, or choose another port with PORT (0 takes any free one).',
      { cause: error },
    )
  }
  if (['EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAFNOSUPPORT'].includes(error.code ?? '')) {
    return new OperatorError(
      'CONFIG_INVALID',
      `Nothing can listen on port ${port} of "${host}": ${error.message}.`,
      'Set HOST to an address of this machine and PORT to a port that this user may use.',
      { cause: error },
    )
  }
  return error
}
