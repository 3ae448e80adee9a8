import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Manifest, publishedManifest } from './published-manifest.ts'

/**
 * npm packs the `package.json` that it finds: `prepack` puts the package's own in its place, `postpack` puts ours back.
 * Run as `node tools/package/manifest-swap.ts prepack` or `postpack`.
 */
const root = join(import.meta.dirname, '../..')
const manifest = join(root, 'package.json')
const kept = join(root, '.tmp/package.source.json')

const [step] = process.argv.slice(2)
if (step === 'prepack') publish()
else if (step === 'postpack') restore()
else throw new Error('Say prepack or postpack.')

function publish(): void {
  // After an interrupted pack the source is still aside.
  restore()
  const text = readFileSync(manifest, 'utf8')
  mkdirSync(join(root, '.tmp'), { recursive: true })
  writeFileSync(kept, text)
  writeFileSync(manifest, `${JSON.stringify(publishedManifest(JSON.parse(text) as Manifest), null, 2)}\n`)
}

function restore(): void {
  if (existsSync(kept)) renameSync(kept, manifest)
}
