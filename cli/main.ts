/** What `bin/rowhouse.mjs` starts when it needs another Node: the command line on this process's arguments. */
import { main } from './run.ts'

await main(process.argv.slice(2))
