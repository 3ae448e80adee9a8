import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { checkPort } from '../../cli/serve/check-port.ts'

test('a port that is taken is told, a free one is left free', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await expect(checkPort('127.0.0.1', port)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: `Port ${port} of 127.0.0.1 is in use.`,
  })
  await new Promise((resolve) => server.close(resolve))
  await checkPort('127.0.0.1', port)
  await checkPort('127.0.0.1', port)
  await checkPort('127.0.0.1', 0)
})

test('an address that is not of this machine is a wrong setting', async () => {
  await expect(checkPort('192.0.2.1', 4000)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})
