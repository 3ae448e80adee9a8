import type { HttpServer } from '#server'
import { exitCodes } from '../exit-codes.ts'
import type { Session } from '../session.ts'
import type { StopSignals } from '../stop-signals.ts'

/** A server that runs, and how to end it. */
export interface Serving {
  readonly server: Pick<HttpServer, 'close'>
  readonly stops: StopSignals
  readonly session: Session
  /** Told when somebody asked to stop. */
  readonly onStop: () => void
}

/** Resolves when somebody asked to stop and running requests are finished, or, on a second Ctrl-C, at once. */
export async function serveUntilStopped({ server, stops, session, onStop }: Serving): Promise<void> {
  await stops.asked
  onStop()
  const drained = server.close()
  await Promise.race([drained, hurried(stops.hurry)])
  if (!stops.hurry.aborted) return
  // Nobody waits for it any more; what it says when its connections break is of no interest.
  drained.catch(() => undefined)
  session.exitCode = exitCodes.interrupted
}

function hurried(hurry: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (hurry.aborted) resolve()
    hurry.addEventListener('abort', () => resolve(), { once: true })
  })
}
