import { loadModel } from '#policies'
import { loadDevKeys, startHttpServer } from '#server'
import { exampleFolder } from '../example-folder.ts'
import { poolSize, ready, serverOptions } from './serving.ts'

const { databaseUrl, folder } = serverOptions()
const { model } = await loadModel(exampleFolder)
const tokens = { kind: 'dev', app: model.app, keys: await loadDevKeys(folder) } as const
const { url } = await startHttpServer({ model, databaseUrl, tokens, host: '127.0.0.1', port: 0, poolSize })
ready(`${url}/graphql`)
