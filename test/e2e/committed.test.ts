import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { root } from '../cli/support/run-rowhouse.ts'
import { copyApp } from './support/app-copy.ts'

const app = await copyApp()
afterAll(() => app.remove())

// When this fails: rm -r examples/invoicing/migrations && npx --no-install rowhouse migrate examples/invoicing --write-first
test("the example's committed migration is what the model asks for", () => {
  expect(migrationsOf(`${root}/examples/invoicing`)).toEqual(migrationsOf(app.folder))
})

function migrationsOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(`${folder}/migrations`, { recursive: true, encoding: 'utf8' })
  const texts = files
    .filter((file) => /\.(sql|json)$/.test(file))
    .map((file) => [file, readFileSync(`${folder}/migrations/${file}`, 'utf8')] as const)
  return Object.fromEntries(texts)
}
