import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

const { databaseUrl, ms } = JSON.parse(process.argv[2]!) as { readonly databaseUrl: string; readonly ms: number }
const target = new URL(databaseUrl)

/** Stands between servers and their Postgres; what one says reaches the other later, as over a network. */
const server = createServer((client) => {
  const backend = connect(Number(target.port), target.hostname)
  for (const [from, to] of [
    [client, backend],
    [backend, client],
  ] as const)
    forward(from, to)
})

function forward(from: Socket, to: Socket): void {
  from.setNoDelay(true)
  // Timers of one length fire in the order in which they were set.
  from.on('data', (data) => setTimeout(() => to.write(data), ms))
  from.on('error', () => undefined)
  from.on('close', () => to.destroy())
}

process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => {
  const url = new URL(databaseUrl)
  url.port = String((server.address() as AddressInfo).port)
  process.send!({ url: url.href })
})
