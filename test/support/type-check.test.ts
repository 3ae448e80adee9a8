import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { typeFaults } from './type-check.ts'

mkdirSync('.tmp', { recursive: true })
const scratch = mkdtempSync(join('.tmp', 'type-check-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

test('an app that compiles has no faults, and each mistake is told where it is', () => {
  const folder = join(scratch, 'invoicing')
  cpSync('examples/invoicing', folder, { recursive: true })
  expect(typeFaults(folder)).toBe('')
  const edit = (file: string, from: string, to: string) => {
    const text = readFileSync(join(folder, file), 'utf8')
    expect(text).toContain(from)
    writeFileSync(join(folder, file), text.replace(from, to))
  }
  // A field that there is not in a formula, a type of an option, a name that the registry lacks, and a room that there is not.
  edit('schema/invoice.entity.ts', 'minus(invoice.amount', 'minus(invoice.amuont')
  edit('schema/payment.entity.ts', 'max: 80', "max: '80'")
  edit('policies/product.policy.ts', '{ active: true }', '{ activ: true }')
  edit('policies/roles.ts', "'rowhouse/policies'", "'rowhouse/policys'")
  const told = typeFaults(folder)
  for (const file of [
    'schema/invoice.entity.ts',
    'schema/payment.entity.ts',
    'policies/product.policy.ts',
    'policies/roles.ts',
  ])
    expect(told).toContain(`${file}(`)
})
