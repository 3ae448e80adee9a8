import { parseArgs } from 'node:util'
import { killAtRandom } from './kill-9.ts'

// `npm run kill-9`: twenty kills at random points, unless said otherwise. Ends with 1 where anything was lost, sent or done twice.

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '20' }, seed: { type: 'string', default: String(Date.now() % 1e9) } },
})
console.log(`seed ${values.seed}`)
const say = (line: string): void => console.error(line)
const { counts, faults } = await killAtRandom({ kills: Number(values.kills), seed: Number(values.seed), say })
for (const [what, count] of Object.entries(counts)) console.log(`${String(count).padStart(8)}  ${what}`)
for (const fault of faults.slice(0, 50)) console.log(`fault: ${fault}`)
console.log(`${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
