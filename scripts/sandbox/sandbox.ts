import { readFileSync } from 'node:fs'
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from 'quickjs-emscripten-core'
import { type Engine, openEngine } from './engine.ts'
import type { HeapBudget } from './heap-budget.ts'
import { type KeptMemory, MemoryImage, mostStackBytes } from './memory-image.ts'

/** What a script says to the outside: `call`, `output` and `fault`, and lines to log. */
export interface Hearing {
  said(kind: string, call: number, method: string, text: string): void
  logged(line: string): void
  /** A text was longer than it may be, and was not taken. */
  tooLong(kind: string): void
  /** Characters that a text of a kind may have. */
  longest(kind: string): number
}

/** A script that did not end where a step of it did: told by the engine, with its trace. */
export interface EngineFault {
  readonly name: string
  readonly message: string
  readonly stack: string
}

const prelude = readFileSync(new URL('./prelude.js', import.meta.url), 'utf8')

/** All that a script may import. */
function moduleOf(name: string): string | { readonly error: Error } {
  if (name === 'rowhouse/scripts') return 'export const script = (run) => run'
  return { error: new Error(`There is no module "${name}" in a script.`) }
}

/** A place for a sandbox, with an engine of its own. */
export async function openSandbox(budget: HeapBudget): Promise<Sandbox> {
  return new Sandbox(await openEngine(budget))
}

/**
 * A place for one run of one script at a time: an engine of its own, with nothing in it but the language and the host's words. Whatever throws from it, other
 * than an {@link EngineFault} that is answered, says that the engine of the whole thread is broken.
 */
export class Sandbox {
  #hearing: Hearing | null = null
  #isDue: () => boolean = () => false
  readonly #runtime: QuickJSRuntime
  readonly #context: QuickJSContext
  readonly #words: Readonly<Record<Word, QuickJSHandle>>
  readonly #image: MemoryImage

  constructor(engine: Engine) {
    this.#runtime = engine.quickjs.newRuntime({ interruptHandler: () => this.#isDue() })
    // Names are what is written: nothing is looked up anywhere.
    this.#runtime.setModuleLoader(moduleOf, (_, name) => name)
    this.#context = this.#runtime.newContext()
    this.#words = this.#openPrelude()
    // What is behind this line may not be kept: the engine knows nothing of it after it was reset.
    this.#image = new MemoryImage(engine)
  }

  /** From now on the script may use this much, until `isDue`. */
  limit(stackBytes: number, isDue: () => boolean, hearing: Hearing): void {
    this.#runtime.setMaxStackSize(Math.min(stackBytes, mostStackBytes))
    this.#isDue = isDue
    this.#hearing = hearing
  }

  /** Tells the script what it is run with. */
  prepare(call: string): EngineFault | null {
    return this.#tell('prepare', [this.#context.newString(call)])
  }

  /** Runs the module, and then what it exports as its default. */
  start(code: string, file: string): EngineFault | null {
    const evaluated = this.#context.evalCode(code, file, { type: 'module', strict: true })
    if (evaluated.error !== undefined) return this.#faultOf(evaluated.error)
    return this.#tell('start', [evaluated.value])
  }

  /** Hands over an answer of the host. */
  answer(call: number, ok: boolean, text: string): EngineFault | null {
    const context = this.#context
    return this.#tell('answer', [context.newNumber(call), ok ? context.true : context.false, context.newString(text)])
  }

  /** Takes a run out that waits for the host, so that another one may run meanwhile. */
  takeOut(): KeptRun {
    const kept = { memory: this.#image.keep(), isDue: this.#isDue, hearing: this.#hearing }
    this.reset()
    return kept
  }

  /** Puts a run in that was taken out, in the place of none. */
  putIn({ memory, isDue, hearing }: KeptRun): void {
    this.#image.put(memory)
    this.#isDue = isDue
    this.#hearing = hearing
  }

  /** Takes back everything that a run did: it is as it was when it was opened. */
  reset(): void {
    this.#isDue = () => false
    this.#hearing = null
    this.#image.restore()
  }

  #tell(word: Word, values: readonly QuickJSHandle[]): EngineFault | null {
    const result = this.#context.callFunction(this.#words[word], this.#context.undefined, ...values)
    for (const value of values) value.dispose()
    if (result.error !== undefined) return this.#faultOf(result.error)
    result.value.dispose()
    return this.#settle()
  }

  /** Runs what waits for its turn, some at a time, until nothing does or the time is up. */
  #settle(): EngineFault | null {
    while (this.#runtime.hasPendingJob() && !this.#isDue()) {
      const done = this.#runtime.executePendingJobs(jobsAtOnce)
      if (done.error !== undefined) return this.#faultOf(done.error)
      done.dispose()
    }
    return null
  }

  #faultOf(error: QuickJSHandle): EngineFault {
    const part = (name: string) => {
      const handle = this.#context.getProp(error, name)
      const text = this.#context.typeof(handle) === 'string' ? this.#text(handle, mostOfFault) : null
      handle.dispose()
      return text ?? ''
    }
    const isObject = this.#context.typeof(error) === 'object'
    const fault = isObject
      ? { name: part('name'), message: part('message'), stack: part('stack') }
      : { name: 'Error', message: 'The script threw what is no error.', stack: '' }
    error.dispose()
    return fault
  }

  #openPrelude(): Readonly<Record<Word, QuickJSHandle>> {
    const context = this.#context
    const send = context.newFunction('send', (kind, call, method, text) => this.#say(kind, call, method, text))
    const logLine = context.newFunction('log', (line) => {
      this.#hearing?.logged(this.#start(line))
    })
    const module = context.unwrapResult(context.evalCode(prelude, 'rowhouse', { type: 'module' }))
    const opened = context.getProp(module, 'default')
    const entry = context.unwrapResult(context.callFunction(opened, context.undefined, send, logLine))
    const wordOf = (word: Word) => context.getProp(entry, word)
    const words = { prepare: wordOf('prepare'), start: wordOf('start'), answer: wordOf('answer') }
    for (const handle of [send, logLine, opened, module, entry]) handle.dispose()
    return words
  }

  #say(kindHandle: QuickJSHandle, call: QuickJSHandle, method: QuickJSHandle, text: QuickJSHandle): void {
    const hearing = this.#hearing
    if (hearing === null) return
    const kind = this.#context.getString(kindHandle)
    const told = this.#text(text, hearing.longest(kind))
    if (told === null) hearing.tooLong(kind)
    else hearing.said(kind, this.#context.getNumber(call), this.#context.getString(method), told)
  }

  /** A text of at most so many characters, looked at before it is copied; null if it is longer. */
  #text(handle: QuickJSHandle, most: number): string | null {
    return this.#lengthOf(handle) > most ? null : this.#context.getString(handle)
  }

  #start(line: QuickJSHandle): string {
    return this.#text(line, mostOfLine) ?? '(a line too long to log)'
  }

  #lengthOf(text: QuickJSHandle): number {
    const length = this.#context.getProp(text, 'length')
    const found = this.#context.getNumber(length)
    length.dispose()
    return found
  }
}

/** A run that was taken out of its sandbox. */
export interface KeptRun {
  readonly memory: KeptMemory
  readonly isDue: () => boolean
  readonly hearing: Hearing | null
}

/** Bytes of a run that was taken out. */
export function bytesOf({ memory }: KeptRun): number {
  return memory.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

/** What the prelude answers to. */
type Word = 'prepare' | 'start' | 'answer'

const jobsAtOnce = 500
const mostOfFault = 4_000
const mostOfLine = 100_000
