import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countResults } from './ci/count-results.ts'
import { failuresOf } from './ci/failures.ts'
import { slowestFiles } from './ci/slowest-files.ts'
import { type Suite, suites } from './ci/suites.ts'

const reports = mkdtempSync(join(tmpdir(), 'rowhouse-ci-'))
let passed = 0
let failed = 0
const failures: string[] = []
const times: string[] = []
for (const suite of suites) {
  const started = performance.now()
  const results = installNeeds(suite) ? runSuite(suite) : { passed: 0, failed: 1 }
  const seconds = Math.round((performance.now() - started) / 1000)
  const line = `## ${suite.name}: ${results.passed} passed, ${results.failed} failed, ${seconds} s`
  console.log(line)
  times.push(line, ...slowestFiles(reportOf(suite), 10).map((file) => `     ${file}`))
  passed += results.passed
  failed += results.failed
  if (results.failed > 0) failures.push(...failuresOf(suite.name, reportOf(suite)))
}
rmSync(reports, { recursive: true, force: true })
for (const time of times) console.log(time)
for (const failure of failures) console.log(`FAILED ${failure}`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function runSuite(suite: Suite) {
  const report = reportOf(suite)
  const reporters = report === null ? [] : ['--reporter=dot', '--reporter=json', `--outputFile=${report}`]
  return countResults(run([...suite.command, ...reporters]), report)
}

function reportOf({ name, vitest }: Suite): string | null {
  return vitest ? join(reports, `${name.replaceAll(':', '-')}.json`) : null
}

function installNeeds({ needs }: Suite): boolean {
  const missing = needs.filter(({ program }) => !existsSync(program)).map(({ debian }) => debian)
  if (missing.length === 0) return true
  if (run(['apt-get', 'update']) !== 0) return false
  return run(['apt-get', 'install', '-y', '--no-install-recommends', ...missing]) === 0
}

function run([program, ...args]: readonly string[]): number | null {
  return spawnSync(program!, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status
}
