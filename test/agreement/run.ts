import { parseArgs } from 'node:util'
import { askForCluster, startClusterService } from '../support/postgres/cluster-service.ts'
import { agree } from './agree.ts'
import { Laboratory } from './database.ts'
import { type Feature, features, landed } from './features.ts'

/**
 * `npm run agreement -- --decisions 10000 --seed 1`: row security, the set-wise SQL and the evaluator decide the same questions about generated
 * apps. The last line is `N decisions, M differences`; the exit code is 1 where there are differences.
 */
const { values } = parseArgs({
  options: {
    decisions: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    /** Parts of the language besides those that have landed, with commas between them; `all` for every one. */
    features: { type: 'string', default: '' },
    /** Every decision of the one model of the seed. */
    whole: { type: 'boolean', default: false },
  },
})
const asked = values.features === 'all' ? features : (values.features.split(',').filter(Boolean) as Feature[])
const unknown = asked.filter((each) => !features.includes(each))
if (unknown.length > 0) throw new Error(`There is no feature "${unknown[0]}": ${features.join(', ')}.`)

const service = await startClusterService()
let different = false
try {
  const laboratory = await Laboratory.open(await askForCluster(service.port))
  try {
    const done = await agree(laboratory, {
      decisions: Number(values.decisions),
      seed: Number(values.seed),
      isWhole: values.whole,
      features: new Set([...landed, ...asked]),
      tell: (line) => console.log(line),
    })
    different = done.differences > 0
    const verbs = [...done.verbs].map(([verb, [allowed, all]]) => `${verb} ${allowed}/${all}`)
    console.log(`${done.models} models, ${done.allowed} decisions that allow something: ${verbs.join(', ')}`)
    console.log(`${done.decisions} decisions, ${done.differences} differences`)
  } finally {
    await laboratory.close()
  }
} finally {
  await service.close()
}
process.exitCode = different ? 1 : 0
