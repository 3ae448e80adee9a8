import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modelSchemaText } from './model-schema/model-schema-text.ts'

/** Writes the published JSON Schema of the model from its TypeScript; `--check` only compares. */
const file = join(import.meta.dirname, '../schema/model/model.schema.json')
const text = modelSchemaText()
if (!process.argv.includes('--check')) {
  writeFileSync(file, text)
  console.log('written  schema/model/model.schema.json')
} else if (readFileSync(file, 'utf8') !== text) {
  console.log('differs  schema/model/model.schema.json: run node tools/model-schema.ts')
  process.exitCode = 1
}
