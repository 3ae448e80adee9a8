import { chmod, readdir, stat } from 'node:fs/promises'

/** What Rowhouse itself keeps in a data folder. */
const ours = ['dev-token-key.json', 'postgres']

/**
 * Lets everybody pass a data folder that is root's own and holds nothing else, such as one from `mktemp -d`: Postgres refuses to run as root and
 * must get to its cluster. What is inside has its own permissions. Folders above are left as they are.
 */
export async function openDataFolder(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  const found = await stat(folder).catch(() => null)
  if (found === null || !found.isDirectory() || found.uid !== 0 || (found.mode & 0o001) !== 0) return
  const names = await readdir(folder)
  if (names.every((name) => ours.includes(name))) await chmod(folder, (found.mode & 0o7777) | 0o011)
}
