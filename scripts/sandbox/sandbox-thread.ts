import { parentPort, workerData } from 'node:worker_threads'
import { Bug } from '#base'
import type { FromThread, RunOrder, ThreadPlan, ToThread } from '../pool/messages.ts'
import { failed } from './faults.ts'
import { HeapBudget } from './heap-budget.ts'
import { bytesOf, type KeptRun, openSandbox, type Sandbox } from './sandbox.ts'
import { ScriptRun } from './script-run.ts'
import { standStillInUtc } from './utc.ts'

// A thread of its own: whatever a script does to it, it can be ended from outside.

const port = parentPort
if (port === null) throw new Bug('Scripts run in a thread.')
const tell = (message: FromThread) => port.postMessage(message)

const { heapBytes } = workerData as ThreadPlan
const budget = new HeapBudget(heapBytes)
let sandbox: Sandbox

interface Run {
  readonly script: ScriptRun
  /** What it has, while another one is in the sandbox. */
  kept: KeptRun | null
}

const runs = new Map<number, Run>()
/** The run that is in the sandbox; null: it is as it was when it was opened. */
let inside: Run | null = null

standStillInUtc()
void open()

async function open(): Promise<void> {
  sandbox = await openSandbox(budget)
  port!.on('message', (message: ToThread) => guarded(() => receive(message)))
  tell({ kind: 'ready' })
}

function receive(message: ToThread): void {
  if (message.kind === 'run') begin(message)
  else if (message.kind === 'answer') answer(message)
  else runs.get(message.run)?.script.end(failed('timeout', 'The script was stopped.'))
  finish(message.run)
}

function begin(order: RunOrder): void {
  const { run } = order
  takeOut()
  if (keptBytes() > heapBytes) {
    tell({ kind: 'end', run, end: failed('memory', 'Scripts that wait for this one hold all of their memory.') })
    tellGone(run)
    return
  }
  const script = new ScriptRun(sandbox, order, {
    call: (call, method, text) => tell({ kind: 'call', run, call, method, text }),
    log: (line) => tell({ kind: 'log', run, line }),
    end: (end) => tell({ kind: 'end', run, end }),
  })
  inside = { script, kept: null }
  runs.set(run, inside)
  script.start()
}

function answer({ run, call, ok, text }: Extract<ToThread, { kind: 'answer' }>): void {
  const asking = runs.get(run)
  if (asking === undefined) return
  putIn(asking)
  asking.script.answer(call, ok, text)
}

/** Leaves the sandbox to a run inside of the one that is in it, which waits for the host anyway. */
function takeOut(): void {
  if (inside !== null) inside.kept = sandbox.takeOut()
  inside = null
}

function putIn(run: Run): void {
  if (inside === run) return
  takeOut()
  if (run.kept !== null) sandbox.putIn(run.kept)
  run.kept = null
  inside = run
}

function keptBytes(): number {
  return [...runs.values()].reduce((sum, { kept }) => sum + (kept === null ? 0 : bytesOf(kept)), 0)
}

/** Takes back what an ended run held, after its end was told. */
function finish(run: number): void {
  const ended = runs.get(run)
  if (ended === undefined || !ended.script.isEnded) return
  runs.delete(run)
  if (inside === ended) {
    inside = null
    sandbox.reset()
  }
  tellGone(run)
}

function tellGone(run: number): void {
  tell({ kind: 'gone', run, heapBytes: budget.heapBytes })
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
