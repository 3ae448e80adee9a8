import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Names of pipes on which nobody but this user can connect. */
export class Pipes {
  readonly #folder = process.platform === 'win32' ? null : mkdtempSync(join(tmpdir(), 'rowhouse-pipes-'))
  #count = 0

  /** Of a pipe that there was not before. */
  next(): string {
    this.#count++
    return this.#folder === null ? `\\\\.\\pipe\\rowhouse-${randomUUID()}` : join(this.#folder, `${this.#count}`)
  }

  /** Leaves nothing behind. */
  remove(): void {
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true })
  }
}
