import { createServer, type Server } from 'node:http'
import { parentPort } from 'node:worker_threads'
import type { FromGeneration, GenerationPlan, ToGeneration } from '../../../cli/dev/generations/generation-messages.ts'

// Serves as the real thread does, without a database: answers with the note of the model's first entity, and fails as that says.

const port = parentPort!
const tell = (message: FromGeneration) => port.postMessage(message)
const done = () => tell({ kind: 'done' })
let server: Server
let [note, next] = ['', '']

// Before it knows what to serve, as one whose memory is exhausted.
if (process.env.ROWHOUSE_TEST_SPARE === 'ends') process.exit(1)

port.on('message', (message: ToGeneration) => {
  switch (message.kind) {
    case 'serve':
      return serve(message.plan)
    case 'replace':
      next = noteOf(message.model)
      return done()
    case 'commit':
      note = next
      return done()
    case 'abandon':
      return done()
    case 'show':
      return tell({ kind: 'said', text: `${note} shows ${message.workshop.problems.length}` })
    case 'hangUp':
      return tell({ kind: 'said', text: `${note} hangs up` })
    case 'close':
      server.close(done)
      return server.closeAllConnections()
  }
})

function serve(plan: GenerationPlan): void {
  note = noteOf(plan.model)
  tell({ kind: 'said', text: `${note} begins` })
  if (note.includes('endless')) for (;;);
  if (note.includes('broken')) tell({ kind: 'failed', error: { message: 'broken', stack: 'broken', operator: null } })
  else listen(plan.pipe)
}

function listen(pipe: string): void {
  server = createServer((asked, response) => {
    if (asked.url === '/exit') process.exit(1)
    if (asked.url === '/throw') throw new Error('thrown')
    setTimeout(() => response.end(note), asked.url === '/slow' ? 200 : 1)
  })
  server.listen(pipe, done)
}

function noteOf({ entities }: GenerationPlan['model']): string {
  return entities[0]?.note ?? ''
}
