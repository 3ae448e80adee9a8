import { beforeEach, describe, expect, test } from 'vitest'
import { as, useLedger } from './ledger.ts'

const ledger = useLedger()
const close = async (role: string, input: object) => {
  const text = 'mutation ($input: CloseMonthInput!) { closeMonth(input: $input) { output { entries how } notes } }'
  return await ledger().ask(as(role), text, { input })
}
const meddle = async (role: string, how: string) => {
  const text = 'mutation ($how: String!) { meddle(input: { how: $how }) { output { told } } }'
  return await ledger().ask(as(role), text, { how })
}
const asOwner = async (text: string) => (await ledger().database.asOwner((client) => client.query(text))).rows

beforeEach(async () => {
  await asOwner('delete from app.closing')
  await asOwner('update app.entry set is_closed = false')
})

describe('an action of the app', () => {
  test('is a mutation with input, output and notes, in one transaction', async () => {
    const { data, errors } = await close('accountant', { month: '2026-11', how: 'double_checked' })
    expect(errors).toEqual([])
    expect(data.closeMonth).toEqual({
      ...{ output: { entries: 2, how: 'double_checked' }, notes: ['2026-11 was closed by accountant.'] },
    })
  })

  test('is done by a role that includes one that is allowed', async () => {
    const { data } = await close('chief', { month: '2026-10' })
    expect(data.closeMonth.output).toEqual({ entries: 2, how: 'plain' })
  })

  test('leaves nothing of itself where it raises, nor of what stands before it', async () => {
    const { errors } = await close('accountant', { month: '1999-01' })
    expect(errors[0]).toMatchObject({
      message: 'There is nothing to close.',
      extensions: { code: 'VALIDATION', rule: 'MONTH_EMPTY', fields: ['month'] },
    })
    const text = `mutation {
      a: closeMonth(input: { month: "2026-11" }) { notes }
      b: closeMonth(input: { month: "1999-01" }) { notes }
    }`
    expect((await ledger().ask(as('accountant'), text)).errors).toHaveLength(2)
    expect(await asOwner('select 1 from app.closing')).toEqual([])
  })

  test('says what is wrong with its input, and nothing of what is wrong with its code', async () => {
    const { errors } = await close('accountant', { month: '2026-11-01' })
    expect(errors[0]!.extensions).toMatchObject({ code: 'VALIDATION', fields: ['month'] })
    expect((await close('accountant', {})).errors[0]!.message).toContain('"month"')
    for (const how of ['wrong', 'bug']) {
      const told = (await meddle('clerk', how)).errors[0]!
      expect(told.extensions.code).toBe('INTERNAL')
      expect(told.message).not.toMatch(/secret|told/)
    }
  })

  test('is done once for an idempotencyKey', async () => {
    const input = { month: '2026-11', idempotencyKey: 'november' }
    const one = await close('accountant', input)
    expect(one.errors).toEqual([])
    expect((await close('accountant', input)).data).toEqual(one.data)
    const other = await close('accountant', { ...input, month: '2026-10' })
    expect(other.errors[0]!.extensions.code).toBe('CONFLICT')
  })

  test('answers a row, as its caller reads it', async () => {
    const text = 'mutation { lastClosing(input: {}) { output { month } } }'
    expect((await ledger().ask(as('guest'), text)).data.lastClosing.output).toBe(null)
    await close('accountant', { month: '2026-11' })
    expect((await ledger().ask(as('guest'), text)).data.lastClosing.output).toEqual({ month: '2026-11' })
  })

  test('is for visitors where it is for everyone', async () => {
    const text = 'mutation { greet(input: { factor: "1.5" }) { notes } }'
    expect((await ledger().ask(null, text)).data.greet.notes).toEqual(['Hello visitor, 1.5 times.'])
    expect((await ledger().ask(as('guest'), text)).data.greet.notes).toEqual(['Hello you, 1.5 times.'])
  })

  test('is done by other code under the same rights, and undoes itself alone where it is refused', async () => {
    const { data } = await meddle('accountant', 'act closeMonth {"month":"2026-11","how":"double-checked"}')
    expect(JSON.parse(data.meddle.output.told)).toEqual({ entries: 2, how: 'double-checked' })
    expect((await meddle('accountant', 'swallow closeMonth 1999-01')).data.meddle.output.told).toBe('VALIDATION')
    expect(await asOwner('select month from app.closing')).toEqual([{ month: '2026-11' }])
    const row = await meddle('clerk', 'act lastClosing {}')
    expect(JSON.parse(row.data.meddle.output.told)).toMatchObject({ month: '2026-11' })
  })

  test('has its notes in the schema', async () => {
    const text = `{
      mutation: __type(name: "Mutation") { fields { name description } }
      input: __type(name: "CloseMonthInput") { inputFields { name description type { kind } } }
    }`
    const { data } = await ledger().ask(as('guest'), text)
    const fields = data.mutation.fields as readonly { readonly name: string }[]
    expect(fields.find(({ name }) => name === 'closeMonth')).toMatchObject({
      description: 'Closes a month, whose entries stay as they are.',
    })
    expect(data.input.inputFields.slice(0, 3)).toEqual([
      expect.objectContaining({ name: 'clientMutationId' }),
      { name: 'month', description: 'Such as `2026-11`.', type: { kind: 'NON_NULL' } },
      expect.objectContaining({ name: 'how', type: { kind: 'ENUM' } }),
    ])
  })
})
