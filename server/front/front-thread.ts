import type { IncomingMessage, ServerResponse } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'
import { Bug } from '#base'
import { type Listening, listen, type UpgradeListener } from '../http/listen.ts'
import { sendJson } from '../http/send.ts'
import { forwardRequest } from './forward-request.ts'
import { forwardUpgrade } from './forward-upgrade.ts'
import type { FromFront, FrontPlan, ToFront } from './front-messages.ts'
import { Route } from './route.ts'
import { sentError } from './sent-error.ts'
import { Upstream } from './upstream.ts'

// A thread of its own, in which nothing takes long: whatever the rest of the process does, connections are accepted and requests go where they should.

/** How long requests wait for a server while there is none. */
const patienceMs = 30_000

const port = parentPort
if (port === null) throw new Bug('A front runs in a thread.')
const tell = (message: FromFront) => port.postMessage(message)
const done = (id: number) => tell({ kind: 'done', id })
const route = new Route(patienceMs)
const upstreams = new Map<string, Upstream>()
let isDraining = false
let listening: Listening | null = null

port.on('message', (message: ToFront) => {
  switch (message.kind) {
    case 'use':
      route.use(message.pipe === null ? null : upstreamOf(message.pipe))
      return done(message.id)
    case 'watch':
      return upstreamOf(message.pipe).watch(() => done(message.id))
    case 'close':
      return void close(message.id)
  }
})

void open(workerData as FrontPlan)

async function open(plan: FrontPlan): Promise<void> {
  try {
    const upgrade: UpgradeListener = (request, socket, head) => void forwardUpgrade({ request, socket, head }, route)
    listening = await listen(answer, { ...plan, upgrade })
    tell({ kind: 'listening', url: listening.url })
  } catch (error) {
    tell({ kind: 'failed', error: sentError(error) })
  }
}

async function close(id: number): Promise<void> {
  isDraining = true
  await listening?.close()
  done(id)
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (isDraining) response.setHeader('connection', 'close')
  if (isDraining && request.url === '/readyz') sendJson(response, 503, { status: 'draining' })
  else void forwardRequest(request, response, route)
}

function upstreamOf(pipe: string): Upstream {
  const known = upstreams.get(pipe)
  if (known !== undefined) return known
  const made = new Upstream(pipe, () => upstreams.delete(pipe))
  upstreams.set(pipe, made)
  return made
}
