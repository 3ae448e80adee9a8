import { readFileSync } from 'node:fs'
import variant from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core'

/** The engine of a thread, compiled once. */
export type Engine = QuickJSWASMModule

/**
 * Compiles the engine. The engine's own limit of memory counts nothing under WebAssembly (`malloc_usable_size` is 0 there), so what holds is the size of
 * its WebAssembly memory: all runs of a thread have these bytes together.
 */
export function openEngine(heapBytes: number): Promise<Engine> {
  const maximum = Math.max(firstPages, Math.ceil(heapBytes / pageBytes))
  const wasmMemory = new WebAssembly.Memory({ initial: firstPages, maximum })
  return newQuickJSWASMModuleFromVariant(newVariant(variant as unknown as QuickJSSyncVariant, { wasmMemory }))
}

/** With what the engine begins: 16 MiB. */
const firstPages = 256
const pageBytes = 65_536

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

/**
 * A place for one run of one script: an engine of its own, with nothing in it but the language and the host's words. Whatever throws from it, other than an
 * {@link EngineFault} that is answered, says that the engine of the whole thread is broken.
 */
export class Sandbox {
  #hearing: Hearing | null = null
  #isDue: () => boolean = () => false
  readonly #runtime: QuickJSRuntime
  readonly #context: QuickJSContext
  readonly #entry: QuickJSHandle

  constructor(engine: Engine) {
    this.#runtime = engine.newRuntime({ interruptHandler: () => this.#isDue() })
    // Names are what is written: nothing is looked up anywhere.
    this.#runtime.setModuleLoader(moduleOf, (_, name) => name)
    this.#context = this.#runtime.newContext()
    this.#entry = this.#openPrelude()
  }

  /** From now on the script may use this much, until `isDue`. */
  limit(stackBytes: number, isDue: () => boolean, hearing: Hearing): void {
    this.#runtime.setMaxStackSize(stackBytes)
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

  /** Takes back everything. */
  close(): void {
    this.#isDue = () => false
    this.#entry.dispose()
    this.#context.dispose()
    this.#runtime.dispose()
  }

  #tell(word: string, values: readonly QuickJSHandle[]): EngineFault | null {
    const told = this.#context.getProp(this.#entry, word)
    const result = this.#context.callFunction(told, this.#context.undefined, ...values)
    told.dispose()
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

  #openPrelude(): QuickJSHandle {
    const context = this.#context
    const send = context.newFunction('send', (kind, call, method, text) => this.#say(kind, call, method, text))
    const logLine = context.newFunction('log', (line) => {
      this.#hearing?.logged(this.#start(line))
    })
    const module = context.unwrapResult(context.evalCode(prelude, 'rowhouse', { type: 'module' }))
    const opened = context.getProp(module, 'default')
    const entry = context.unwrapResult(context.callFunction(opened, context.undefined, send, logLine))
    for (const handle of [send, logLine, opened, module]) handle.dispose()
    return entry
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

const jobsAtOnce = 500
const mostOfFault = 4_000
const mostOfLine = 100_000
