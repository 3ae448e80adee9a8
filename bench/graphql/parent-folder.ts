import { accessSync, constants } from 'node:fs'
import { tmpdir } from 'node:os'

const memory = '/dev/shm'

/**
 * Where Postgres keeps its files: in memory where the system has such a folder, or else on the disk.
 * The disk of a shared machine may take 0.5 ms or 30 ms for one `fdatasync`, for the same write; then commits are measured, not servers.
 * `ROWHOUSE_BENCH_FOLDER` names another folder.
 */
export function parentFolder(): { readonly path: string; readonly isMemory: boolean } {
  const chosen = process.env.ROWHOUSE_BENCH_FOLDER
  if (chosen !== undefined) return { path: chosen, isMemory: chosen.startsWith(memory) }
  return isUsable(memory) ? { path: memory, isMemory: true } : { path: tmpdir(), isMemory: false }
}

function isUsable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}
