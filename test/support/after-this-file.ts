import { afterAll } from 'vitest'

let tasks: (() => void | Promise<void>)[] | null = null

/**
 * Runs a task when the running test file has ended, after its own hooks; the last given first. A module that files share has no hooks at its top, because
 * several files run in one process one after the other, and it is imported by the first of them alone.
 */
export function afterThisFile(task: () => void | Promise<void>): void {
  if (tasks === null) throw new Error('Add test/support/each-file.ts to the "setupFiles" of the vitest.config.ts.')
  tasks.push(task)
}

/** For each-file.ts, which runs anew for each test file. */
export function beginFile(): void {
  tasks = []
  afterAll(async () => {
    const mine = tasks ?? []
    tasks = null
    for (const task of mine.toReversed()) await task()
  })
}
