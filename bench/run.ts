import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Bench, type BenchResult, median } from './bench.ts'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
const [name] = positionals

const options = `  --quick      the same ratios in under a minute, from fewer rounds
  --json       { name, runs, ratios }, and nothing else, on standard output
  --write      what was found as a page of the documentation, where NAME has one; of a full run alone`

if (name === undefined || !names.includes(name)) {
  const benches = (await Promise.all(names.map(describe))).join('\n')
  console.error(`usage: npm run bench -- NAME [--quick] [--json] [--write]\n\n${benches}\n\n${options}`)
  process.exitCode = 2
} else if (flags.write && flags.quick) {
  console.error('A quick run says too little for a page: leave out --quick, or --write.')
  process.exitCode = 2
} else {
  const bench = await load(name)
  const result = await bench.run({ quick: flags.quick, note: (line) => console.error(line) })
  if (flags.write) write(result)
  console.log(flags.json ? JSON.stringify({ name, runs: result.runs, ratios: result.ratios }) : table(result))
}

function write({ page }: BenchResult): void {
  if (page === undefined) {
    console.error('There is no page of the documentation about this.')
    process.exitCode = 2
    return
  }
  writeFileSync(join(import.meta.dirname, '..', page.path), page.text)
  console.error(`wrote ${page.path}`)
}

async function load(file: string): Promise<Bench> {
  const module: { bench: Bench } = await import(`./${file}.bench.ts`)
  return module.bench
}

async function describe(file: string): Promise<string> {
  return `  ${file.padEnd(12)} ${(await load(file)).summary}`
}

function table({ runs, ratios }: BenchResult): string {
  const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0).padStart(9)
  const rows = runs.map(({ name, ms: times, unit = 'ms' }) => {
    const spread = `${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)}, ${times.length} rounds`
    return `${name.padEnd(44)} ${ms(median(times))} ${unit.padEnd(10)} (${spread})`
  })
  const compared = Object.entries(ratios).map(([what, ratio]) => `${what.padEnd(44)} ${ratio.toFixed(3).padStart(9)}`)
  return [...rows, '', ...compared].join('\n')
}
