import { parentPort, workerData } from 'node:worker_threads'
import { Bug } from '#base'
import type { FromThread, RunOrder, ThreadPlan, ToThread } from '../pool/messages.ts'
import { failed } from './faults.ts'
import { HeapBudget } from './heap-budget.ts'
import { openSandbox, type Sandbox } from './sandbox.ts'
import { ScriptRun } from './script-run.ts'
import { standStillInUtc } from './utc.ts'

// A thread of its own: whatever a script does to it, it can be ended from outside.

const port = parentPort
if (port === null) throw new Bug('Scripts run in a thread.')
const tell = (message: FromThread) => port.postMessage(message)

const budget = new HeapBudget((workerData as ThreadPlan).heapBytes)
const runs = new Map<number, { readonly script: ScriptRun; readonly sandbox: Sandbox }>()
/** Runs for which a sandbox is opened: those inside of others, once for each depth. */
const opening = new Map<number, RunOrder>()
/** Sandboxes in which nothing runs, as they were when they were opened. */
const idle: Sandbox[] = []

standStillInUtc()
void open()

async function open(): Promise<void> {
  idle.push(await openSandbox(budget))
  port!.on('message', (message: ToThread) => guarded(() => receive(message)))
  tell({ kind: 'ready' })
}

function receive(message: ToThread): void {
  if (message.kind === 'run') begin(message)
  else if (message.kind === 'answer') runs.get(message.run)?.script.answer(message.call, message.ok, message.text)
  else stop(message.run)
  finish(message.run)
}

function begin(order: RunOrder): void {
  const sandbox = idle.pop()
  if (sandbox === undefined) void beginLater(order)
  else beginIn(sandbox, order)
}

async function beginLater(order: RunOrder): Promise<void> {
  const { run } = order
  opening.set(run, order)
  const opened = await openSandbox(budget).catch((error: unknown) =>
    guarded(() => {
      throw error
    }),
  )
  if (opened === undefined) return
  guarded(() => {
    idle.push(opened)
    // It may have been stopped meanwhile.
    if (!opening.delete(run)) return
    begin(order)
    finish(run)
  })
}

function beginIn(sandbox: Sandbox, order: RunOrder): void {
  const { run } = order
  const script = new ScriptRun(sandbox, order, {
    call: (call, method, text) => tell({ kind: 'call', run, call, method, text }),
    log: (line) => tell({ kind: 'log', run, line }),
    end: (end) => tell({ kind: 'end', run, end }),
  })
  runs.set(run, { script, sandbox })
  script.start()
}

function stop(run: number): void {
  const end = failed('timeout', 'The script was stopped.')
  if (opening.delete(run)) {
    tell({ kind: 'end', run, end })
    tellGone(run)
  } else runs.get(run)?.script.end(end)
}

/** Takes back what an ended run held, after its end was told. */
function finish(run: number): void {
  const ended = runs.get(run)
  if (ended === undefined || !ended.script.isEnded) return
  runs.delete(run)
  ended.sandbox.reset()
  idle.push(ended.sandbox)
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
