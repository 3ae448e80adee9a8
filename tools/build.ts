import { spawnSync } from 'node:child_process'
import { cpSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes `dist/`: JavaScript and types of every room, with the SQL and page files that they read. The repository itself never needs it;
 * the package does, because Node strips types from no file under `node_modules`.
 */
const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })
const { status } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
if (status !== 0) process.exit(status ?? 1)
// Never over what was just built: `x.js` beside `x.ts` would replace it.
for (const file of globSync(
  '{base,schema,policies,migrations,scripts,workers,server,cli}/**/*.{sql,json,html,css,js}',
  {
    cwd: root,
  },
))
  cpSync(join(root, file), join(dist, file), { force: false, errorOnExist: true })
// Files for new apps go along as they are.
cpSync(join(root, 'cli/new/template'), join(dist, 'cli/new/template'), { recursive: true })
