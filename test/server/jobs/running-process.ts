import { platformRoles } from '#migrations'
import { loadModel } from '#policies'
import { startAppRunner } from '../../../server/jobs/app-runner.ts'
import { loadWork } from '../../../server/jobs/load-work.ts'

// A process that runs the jobs of the mailing app, to be killed.

const { url, prefix, folder } = JSON.parse(process.env.MAILING!) as Readonly<
  Record<'url' | 'prefix' | 'folder', string>
>
const { model: loaded } = await loadModel(folder)
const model = { ...loaded, app: prefix }
await startAppRunner({
  model,
  work: await loadWork(model, folder),
  names: platformRoles(prefix),
  databaseUrl: url,
  concurrency: 4,
  beatMs: 1500,
})
process.stdout.write('ready\n')
