import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'

/** The compiler's own language server, as an editor speaks to it (LSP 3.17 over standard streams). */
export interface LanguageServer {
  open(path: string, text: string): void
  /** Replaces the whole text. */
  change(path: string, text: string): void
  /** Labels that are offered at a place; lines and columns from 0. */
  complete(path: string, line: number, character: number): Promise<readonly string[]>
  close(): Promise<void>
}

interface Message {
  readonly id?: number | string
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** Starts the language server of a compiler on a folder. */
export async function startLanguageServer(compiler: string, folder: string): Promise<LanguageServer> {
  const child = spawn(compiler, ['--lsp', '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] })
  const connection = connect(child)
  await connection.request('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: { textDocument: { completion: { completionItem: { snippetSupport: false } } } },
  })
  connection.notify('initialized', {})
  let version = 0
  return {
    open(path, text) {
      const textDocument = { uri: pathToFileURL(path).href, languageId: 'typescript', version: ++version, text }
      connection.notify('textDocument/didOpen', { textDocument })
    },
    change(path, text) {
      const textDocument = { uri: pathToFileURL(path).href, version: ++version }
      connection.notify('textDocument/didChange', { textDocument, contentChanges: [{ text }] })
    },
    async complete(path, line, character) {
      const textDocument = { uri: pathToFileURL(path).href }
      const result = await connection.request('textDocument/completion', {
        textDocument,
        position: { line, character },
      })
      const { items } = result as { readonly items: readonly { readonly label: string }[] }
      return items.map(({ label }) => label)
    },
    async close() {
      await connection.request('shutdown')
      connection.notify('exit')
      child.kill()
    },
  }
}

function connect(child: ChildProcessByStdio<Writable, Readable, null>) {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let buffer = Buffer.alloc(0)
  let id = 0
  const send = (message: Message) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }))
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`)
    child.stdin.write(body)
  }
  const receive = (message: Message) => {
    // The server asks for settings and registrations: it gets none.
    if (message.method !== undefined && message.id !== undefined) return send({ id: message.id, result: null })
    const waiter = waiting.get(Number(message.id))
    waiting.delete(Number(message.id))
    if (message.error !== undefined) waiter?.reject(new Error(message.error.message))
    else waiter?.resolve(message.result)
  }
  child.stdout.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n')
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, Math.max(0, end)).toString())?.[1])
      if (end < 0 || buffer.length < end + 4 + length) return
      const body = buffer.subarray(end + 4, end + 4 + length)
      buffer = buffer.subarray(end + 4 + length)
      receive(JSON.parse(body.toString()) as Message)
    }
  })
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`The language server ended with ${code}.`))
  })
  return {
    notify: (method: string, params?: unknown) => send({ method, params }),
    request: (method: string, params?: unknown) =>
      new Promise((resolve, reject) => {
        id += 1
        waiting.set(id, { resolve, reject })
        send({ id, method, params })
      }),
  }
}
