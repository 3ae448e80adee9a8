import { parentPort } from 'node:worker_threads'
import { Bug, deepFreeze } from '#base'
import type { Model } from '#schema'
import { type HttpServer, loadHttpServer, sentError } from '#server'
import { startServer } from '../../serve/start-server.ts'
import { devLog } from '../dev-log.ts'
import type { FromGeneration, GenerationPlan, ToGeneration } from './generation-messages.ts'

// A thread that serves one version of an app, behind a front. Building its API takes nobody else's time. It loads what that needs before it is told what to serve.

const port = parentPort
if (port === null) throw new Bug('A generation runs in a thread.')
const tell = (message: FromGeneration) => port.postMessage(message)
const say = (text: string) => tell({ kind: 'said', text })

let server: HttpServer | null = null
/** Ends the waiting of a replacement for its database. */
let decide: (isCommitted: boolean) => void = () => undefined
let replacing: Promise<unknown> = Promise.resolve()

port.on('message', (message: ToGeneration) => {
  if (message.kind === 'show') return server?.show(message.workshop)
  if (message.kind === 'hangUp') return server?.hangUp()
  const { id } = message
  void hear(message).then(
    () => tell({ kind: 'done', id }),
    (error: unknown) => tell({ kind: 'failed', id, error: sentError(error) }),
  )
})
void loadHttpServer()

/** Does what is answered. */
async function hear(message: Extract<ToGeneration, { readonly id: number }>): Promise<void> {
  switch (message.kind) {
    case 'serve':
      server = await serve(message.plan)
      return
    case 'replace':
      return prepare(deepFreeze(message.model))
    case 'commit':
    case 'abandon':
      decide(message.kind === 'commit')
      await replacing
      return
    case 'close':
      await server?.close()
  }
}

function serve(plan: GenerationPlan): Promise<HttpServer> {
  const model = deepFreeze(plan.model)
  return startServer({ ...plan, model, log: devLog({ say }), say })
}

/** Resolves when nothing is missing but the word that the database has followed. */
async function prepare(model: Model): Promise<void> {
  const served = server
  if (served === null) throw new Bug('A generation serves before it serves something else.')
  await new Promise<void>((resolve, reject) => {
    const follow = () =>
      new Promise<void>((go, stop) => {
        decide = (isCommitted) => (isCommitted ? go() : stop(new Abandoned()))
        resolve()
      })
    replacing = served.replace(model, follow).catch((error: unknown) => {
      reject(error)
      if (!(error instanceof Abandoned)) throw error
    })
    replacing.catch(() => undefined)
  })
}

class Abandoned extends Error {}
