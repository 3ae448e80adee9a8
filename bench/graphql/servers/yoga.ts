import { createYoga } from 'graphql-yoga'
import { makeSchema } from 'postgraphile'
import { useGrafast } from 'postgraphile/grafast/envelop'
import { serve, serverOptions, settingsReader } from './serving.ts'
import { stockPreset } from './stock-schema.ts'

const { databaseUrl, folder } = serverOptions()
const readSettings = await settingsReader(folder)
const { schema, resolvedPreset } = await makeSchema(stockPreset(databaseUrl))
const { adaptor, adaptorSettings } = resolvedPreset.pgServices![0]!
const withPgClient = await adaptor.createWithPgClient(adaptorSettings as never)

const yoga = createYoga({
  schema,
  graphiql: false,
  landingPage: false,
  logging: false,
  context: async ({ request }) => ({
    pgSettings: await readSettings(request.headers.get('authorization') ?? undefined),
    withPgClient,
  }),
  // It offers plans and SQL to everybody otherwise.
  plugins: [useGrafast({ explainAllowed: false }) as never],
})
serve(async (request, response) => await yoga(request, response))
