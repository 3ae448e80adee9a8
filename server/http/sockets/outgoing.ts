import type { WebSocket } from 'ws'

/** So much is handed to the connection at once: whether somebody takes it is known piece by piece. */
const pieceBytes = 65_536

/** What a WebSocket is sent: one text after the other, and no piece before the one ahead of it has left. */
export class Outgoing {
  readonly #socket: WebSocket
  readonly #queue: { readonly bytes: Buffer; readonly sent: () => void }[] = []
  readonly #eased: () => void
  #isSending = false
  #waiting = 0
  #pieces = 0

  /** @param eased called when a piece has left */
  constructor(socket: WebSocket, eased: () => void) {
    this.#socket = socket
    this.#eased = eased
  }

  /** Bytes that have not left. */
  get waiting(): number {
    return this.#waiting
  }

  /** How many pieces have left until now. */
  get pieces(): number {
    return this.#pieces
  }

  /** Resolves when the text has left, or never will. */
  send(text: string): Promise<void> {
    const bytes = Buffer.from(text)
    this.#waiting += bytes.length
    return new Promise((sent) => {
      this.#queue.push({ bytes, sent })
      if (!this.#isSending) void this.#sendAll()
    })
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      for (let at = 0; at < next.bytes.length; at += pieceBytes) await this.#sendPiece(next.bytes, at)
      next.sent()
    }
    this.#isSending = false
  }

  async #sendPiece(bytes: Buffer, at: number): Promise<void> {
    const piece = bytes.subarray(at, at + pieceBytes)
    const fin = at + pieceBytes >= bytes.length
    // On a socket that is closed, too, it is called.
    await new Promise<void>((resolve) => this.#socket.send(piece, { binary: false, fin }, () => resolve()))
    this.#waiting -= piece.length
    this.#pieces++
    this.#eased()
  }
}
