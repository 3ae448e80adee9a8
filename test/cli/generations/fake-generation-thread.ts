import { createServer, type Server } from 'node:http'
import { parentPort } from 'node:worker_threads'
import type { FromGeneration, GenerationPlan, ToGeneration } from '../../../cli/dev/generations/generation-messages.ts'

// Serves as the real thread does, without a database: answers with the note of the model's first entity, and fails as that says.

const port = parentPort!
const tell = (message: FromGeneration) => port.postMessage(message)
const done = (id: number) => tell({ kind: 'done', id })
let server: Server
let [note, next] = ['', '']
/** Answers what was told before, behind what was told later. */
let answerLate: () => void = () => undefined

// Before it knows what to serve, as one whose memory is exhausted.
if (process.env.ROWHOUSE_TEST_SPARE === 'ends') process.exit(1)

port.on('message', (message: ToGeneration) => {
  switch (message.kind) {
    case 'serve':
      return serve(message)
    case 'replace':
      next = noteOf(message.model)
      if (next !== 'late') return done(message.id)
      answerLate = () => fail(message.id, 'too late')
      return
    case 'commit':
      note = next
      done(message.id)
      return answerLate()
    case 'abandon':
      return done(message.id)
    case 'show':
      return tell({ kind: 'said', text: `${note} shows ${message.workshop.problems.length}` })
    case 'hangUp':
      return tell({ kind: 'said', text: `${note} hangs up` })
    case 'close':
      server.close(() => done(message.id))
      return server.closeAllConnections()
  }
})

function serve({ id, plan }: { readonly id: number; readonly plan: GenerationPlan }): void {
  note = noteOf(plan.model)
  tell({ kind: 'said', text: `${note} begins` })
  if (note.includes('endless')) for (;;);
  if (note.includes('broken')) fail(id, 'broken')
  else listen(plan.pipe, id)
}

function fail(id: number, message: string): void {
  tell({ kind: 'failed', id, error: { message, stack: message, operator: null } })
}

function listen(pipe: string, id: number): void {
  server = createServer((asked, response) => {
    if (asked.url === '/exit') process.exit(1)
    if (asked.url === '/throw') throw new Error('thrown')
    setTimeout(() => response.end(note), asked.url === '/slow' ? 200 : 1)
  })
  server.listen(pipe, () => done(id))
}

function noteOf({ entities }: GenerationPlan['model']): string {
  return entities[0]?.note ?? ''
}
