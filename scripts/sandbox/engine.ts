import { readFile } from 'node:fs/promises'
import variant from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core'
import type { HeapBudget } from './heap-budget.ts'

/** An engine with a memory of its own. */
export interface Engine {
  readonly quickjs: QuickJSWASMModule
  readonly memory: WebAssembly.Memory
  /** Where a block of so many bytes begins, which is nobody else's; 0 if there is none. */
  readonly allocate: (bytes: number) => number
  readonly free: (from: number) => void
}

/**
 * Begins an engine. Its own limit of memory counts nothing under WebAssembly (`malloc_usable_size` is 0 there), so what holds is the size of its WebAssembly
 * memory, which grows within a budget.
 */
export async function openEngine(budget: HeapBudget): Promise<Engine> {
  const memory = budget.openMemory()
  const module = await base.importModuleLoader().then(loaderOf)
  let heap: Pick<Engine, 'allocate' | 'free'> | undefined
  const importModuleLoader = async () => async (options?: Parameters<Loader>[0]) => {
    const loaded = await module(options)
    heap = { allocate: (bytes) => loaded._malloc(bytes), free: (from) => loaded._free(from) }
    return loaded
  }
  const own = newVariant({ ...base, importModuleLoader }, { wasmMemory: memory, wasmModule: compiled })
  const quickjs = await newQuickJSWASMModuleFromVariant(own)
  return { quickjs, memory, ...heap! }
}

let compiling: Promise<WebAssembly.Module> | undefined
/** Compiled once for all engines of a thread. */
function compiled(): Promise<WebAssembly.Module> {
  compiling ??= readFile(new URL(import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm'))).then(
    WebAssembly.compile,
  )
  return compiling
}

const base = variant as unknown as QuickJSSyncVariant

type Imported = Awaited<ReturnType<QuickJSSyncVariant['importModuleLoader']>>
type Loader = Extract<Imported, (...given: never[]) => unknown>

function loaderOf(imported: Imported): Loader {
  if (typeof imported === 'function') return imported
  return typeof imported.default === 'function' ? imported.default : imported.default.default
}
