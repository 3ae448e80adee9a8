import { keepNurserySmall, letNurseryGrow } from '../../../cli/serve/nursery.ts'

// As `rowhouse start` does, before anything large is loaded.
keepNurserySmall()
const [{ loadModel }, { loadDevKeys, startHttpServer }, { exampleFolder }, { poolSize, ready, serverOptions }] =
  await Promise.all([import('#policies'), import('#server'), import('../example-folder.ts'), import('./serving.ts')])

const { databaseUrl, folder } = serverOptions()
const { model } = await loadModel(exampleFolder)
const tokens = { kind: 'dev', app: model.app, keys: await loadDevKeys(folder) } as const
const { url } = await startHttpServer({ model, databaseUrl, tokens, host: '127.0.0.1', port: 0, poolSize })
letNurseryGrow()
ready(`${url}/graphql`)
