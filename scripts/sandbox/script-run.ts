import type { RunOrder, ThreadEnd } from '../pool/messages.ts'
import { endOfFault, failed, faultEnd } from './faults.ts'
import { mostNesting, nestingOf } from './nesting.ts'
import type { EngineFault, Hearing, Sandbox } from './sandbox.ts'

/** What a run tells those outside of its thread. */
export interface RunTells {
  call(call: number, method: string, text: string): void
  log(line: string): void
  end(end: ThreadEnd): void
}

interface Call {
  readonly call: number
  readonly method: string
  readonly text: string
}

/** Questions that are on their way at once, so that the loop outside never meets many of them in one turn. */
const mostOnTheirWay = 8
/** Characters that they have together. */
const mostCharactersOnTheirWay = 256 * 1024

/** One run of a script inside of its thread: counts what it uses, and ends once. */
export class ScriptRun implements Hearing {
  readonly #sandbox: Sandbox
  readonly #order: RunOrder
  readonly #tells: RunTells
  readonly #dueAt: number
  readonly #held: Call[] = []
  readonly #onTheirWay = new Map<number, number>()
  #charactersOnTheirWay = 0
  #calls = 0
  #lines = 0
  #isEnded = false

  constructor(sandbox: Sandbox, order: RunOrder, tells: RunTells) {
    this.#sandbox = sandbox
    this.#order = order
    this.#tells = tells
    this.#dueAt = performance.now() + order.limits.timeMs
    sandbox.limit(order.limits.stackBytes, () => this.#isEnded || this.#isDue(), this)
  }

  /** True once it told its end. */
  get isEnded(): boolean {
    return this.#isEnded
  }

  /** Runs the script until it ends or waits for the host. */
  start(): void {
    const { call, code, file } = this.#order
    this.#check(this.#sandbox.prepare(call) ?? this.#sandbox.start(code, file))
  }

  /** Goes on with an answer of the host. */
  answer(call: number, ok: boolean, text: string): void {
    const characters = this.#onTheirWay.get(call)
    if (this.#isEnded || characters === undefined) return
    this.#onTheirWay.delete(call)
    this.#charactersOnTheirWay -= characters
    this.#check(this.#sandbox.answer(call, ok, text))
  }

  /** Ends it for somebody else's reasons. */
  end(end: ThreadEnd): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#tells.end(end)
  }

  longest(kind: string): number {
    if (kind === 'call') return this.#order.limits.callBytes
    return kind === 'output' ? this.#order.limits.outputBytes : mostOfFault
  }

  tooLong(kind: string): void {
    const what = kind === 'call' ? 'A question to the host' : 'The output'
    const isFault = kind === 'fault'
    if (isFault) this.end(failed('error', 'The script threw an error that is too long to tell.'))
    else this.end(failed('output', `${what} is longer than ${this.longest(kind)} bytes of JSON.`))
  }

  said(kind: string, call: number, method: string, text: string): void {
    if (this.#isEnded) return
    const refusal = kind === 'fault' ? null : refusalOf(text)
    if (Buffer.byteLength(text) > this.longest(kind)) this.tooLong(kind)
    // The engine's word for it is one that promises pass on.
    else if (kind === 'fault') this.end(this.#isDue() ? this.#timeout() : faultEnd(text))
    else if (refusal !== null) this.end(failed('output', refusal))
    else if (kind === 'output') this.#finish(text)
    else this.#ask({ call, method, text })
  }

  logged(line: string): void {
    if (this.#isEnded) return
    const { logLines, logCharacters } = this.#order.limits
    this.#lines += 1
    if (this.#lines <= logLines) this.#tells.log(line.slice(0, logCharacters))
    else if (this.#lines === logLines + 1) this.#tells.log(`(more than ${logLines} lines, the rest is left out)`)
  }

  #finish(text: string): void {
    const isLeft = this.#onTheirWay.size + this.#held.length > 0
    // Half of a write would be kept, or all of it, as it happens.
    if (isLeft)
      this.end(failed('error', 'The script ended before the host had answered: write `await` before each question.'))
    else this.end({ kind: 'output', text })
  }

  #ask(call: Call): void {
    const { hostCalls } = this.#order.limits
    this.#calls += 1
    if (this.#calls > hostCalls) {
      this.end(failed('host-calls', `The script asked the host more than ${hostCalls} times.`))
    } else {
      this.#held.push(call)
      this.#sendHeld()
    }
  }

  #sendHeld(): void {
    for (let next = this.#held[0]; next !== undefined; next = this.#held[0]) {
      const isAlone = this.#onTheirWay.size === 0
      const isTooMuch = this.#charactersOnTheirWay + next.text.length > mostCharactersOnTheirWay
      if (!isAlone && (this.#onTheirWay.size >= mostOnTheirWay || isTooMuch)) return
      this.#held.shift()
      this.#onTheirWay.set(next.call, next.text.length)
      this.#charactersOnTheirWay += next.text.length
      this.#tells.call(next.call, next.method, next.text)
    }
  }

  #isDue(): boolean {
    return performance.now() >= this.#dueAt
  }

  #timeout(): ThreadEnd {
    return failed('timeout', tookTooLong(this.#order.limits.timeMs))
  }

  #check(fault: EngineFault | null): void {
    if (this.#isEnded) return
    if (this.#isDue()) this.end(this.#timeout())
    else if (fault !== null) this.end(endOfFault(fault))
    else this.#sendHeld()
    // What ended above does not end again.
    if (this.#onTheirWay.size === 0)
      this.end(failed('error', 'The script waits for something that never comes: it awaits what nothing settles.'))
  }
}

/** Why a text may not leave, whose forms cost those outside too much or mislead them; null if it may. */
function refusalOf(text: string): string | null {
  if (nestingOf(text) > mostNesting) return `What leaves a script is nested at most ${mostNesting} levels deep.`
  return text.includes('"__proto__":') ? 'What leaves a script has no "__proto__".' : null
}

/** What is told of a script that took too long. */
export function tookTooLong(timeMs: number): string {
  return `The script took longer than ${timeMs} ms.`
}

const mostOfFault = 16_000
