import { parentPort, workerData } from 'node:worker_threads'
import { Bug } from '#base'
import type { FromThread, RunOrder, ThreadPlan, ToThread } from '../pool/messages.ts'
import { failed } from './faults.ts'
import { type Engine, openEngine, Sandbox } from './sandbox.ts'
import { ScriptRun } from './script-run.ts'
import { standStillInUtc } from './utc.ts'

// A thread of its own: whatever a script does to it, it can be ended from outside.

const port = parentPort
if (port === null) throw new Bug('Scripts run in a thread.')
const tell = (message: FromThread) => port.postMessage(message)

const runs = new Map<number, { readonly script: ScriptRun; readonly sandbox: Sandbox }>()
/** Made while nobody waits. */
let spare: Sandbox | null = null
let engine: Engine

standStillInUtc()
void open()

async function open(): Promise<void> {
  engine = await openEngine((workerData as ThreadPlan).heapBytes)
  spare = new Sandbox(engine)
  port!.on('message', (message: ToThread) => guarded(() => receive(message)))
  tell({ kind: 'ready' })
}

function receive(message: ToThread): void {
  if (message.kind === 'run') begin(message)
  else if (message.kind === 'answer') runs.get(message.run)?.script.answer(message.call, message.ok, message.text)
  else if (!runs.has(message.run)) return
  else runs.get(message.run)!.script.end(failed('timeout', 'The script was stopped.'))
  finish(message.run)
}

function begin(order: RunOrder): void {
  const { run } = order
  const sandbox = spare ?? new Sandbox(engine)
  spare = null
  const script = new ScriptRun(sandbox, order, {
    call: (call, method, text) => tell({ kind: 'call', run, call, method, text }),
    log: (line) => tell({ kind: 'log', run, line }),
    end: (end) => tell({ kind: 'end', run, end }),
  })
  runs.set(run, { script, sandbox })
  script.start()
}

/** Takes back what an ended run held, after its end was told. */
function finish(run: number): void {
  const ended = runs.get(run)
  if (ended === undefined || !ended.script.isEnded) return
  runs.delete(run)
  ended.sandbox.close()
  tell({ kind: 'gone', run, heapBytes: engine.getWasmMemory().buffer.byteLength })
  spare ??= new Sandbox(engine)
}

let isBroken = false

/** What throws through the engine leaves it in a state that nobody knows. */
function guarded(step: () => void): void {
  if (isBroken) return
  try {
    step()
  } catch (error) {
    isBroken = true
    tell({ kind: 'broken', message: error instanceof Error ? error.message : String(error) })
  }
}
