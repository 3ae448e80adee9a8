import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { postgraphile } from 'postgraphile'
import { grafserv } from 'postgraphile/grafserv/node'
import { ready, serverOptions, settingsReader } from './serving.ts'
import { stockPreset } from './stock-schema.ts'

const { databaseUrl, folder } = serverOptions()
const readSettings = await settingsReader(folder)

const instance = postgraphile({
  extends: [stockPreset(databaseUrl)],
  // Data is written as text while it is gathered: the setting for speed.
  grafserv: { graphiql: false, watch: false, outputDataAsString: true },
  grafast: {
    explain: false,
    context: async ({ node }) => ({ pgSettings: await readSettings(node?.req.headers.authorization) }),
  },
})
const server = createServer()
server.keepAliveTimeout = 75_000
await instance.createServ(grafserv).addTo(server)
server.listen(0, '127.0.0.1', () => ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`))
