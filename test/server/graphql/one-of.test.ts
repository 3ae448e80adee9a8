import { describe, expect, test } from 'vitest'
import { useWrittenServer, type Who } from './support-links.ts'

const acme = '00000000-0000-7000-8000-00000000000a'
const globex = '00000000-0000-7000-8000-00000000000b'
const id = (kind: number, n: number) => `00000000-0000-7000-800${kind}-00000000000${n}`
const [ann, gil] = [id(1, 1), id(1, 4)]
const [order1, hiddenOrder, foreignOrder] = [id(2, 1), id(2, 2), id(2, 3)]
const [invoice1, invoice2] = [id(3, 1), id(3, 2)]
const [onOrder, onInvoice, onHidden, loose] = [id(4, 1), id(4, 2), id(4, 3), id(4, 4)]

const app = {
  'schema/all.entity.ts': `
export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Order = entity('Order', {
  fields: { number: string(), secret: boolean({ default: false }) }, relations: { notes: many('Note', { by: 'subject' }) },
})
export const Invoice = entity('Invoice', {
  fields: { total: int() }, relations: { notes: many('Note', { by: 'subject' }), remarks: many('Remark', { by: 'about' }) },
})
export const Note = entity('Note', {
  fields: { text: string() },
  relations: { subject: oneOf(['Order', 'Invoice'], { onRemove: 'cascade', onDelete: 'cascade', note: 'What it is about.' }) },
})
export const Remark = entity('Remark', {
  fields: { text: string() }, relations: { about: oneOf(['Invoice', 'Order'], { optional: true, onDelete: 'setNull' }) },
})`,
  'policies/all.ts': `
import { User, Order, Invoice, Note, Remark } from '../schema/all.entity.ts'
export const roles = defineRoles({ clerk: 'Works.', boss: 'Sees all.', biller: 'Bills.' })
export const actor = defineActor(User, {})
export const UserPolicy = policy(User, { 'all': { allow: signedIn, to: 'read' } })
export const OrderPolicy = policy(Order, {
  'public': { allow: 'clerk', to: ['read', 'update'], where: { secret: false } }, 'all': { allow: 'boss', to: anything },
})
export const InvoicePolicy = policy(Invoice, { 'all': { allow: ['clerk', 'boss', 'biller'], to: anything } })
export const NotePolicy = policy(Note, {
  'all': { allow: ['clerk', 'boss'], to: anything },
  'notes on big invoices': { allow: 'biller', to: 'read', where: { subject: { Invoice: { total: { over: 100 } } } } },
})
export const RemarkPolicy = policy(Remark, {
  'all': { allow: ['clerk', 'boss'], to: anything },
  'loose ones': { allow: 'biller', to: 'read', where: { about: null } },
})`,
}

const rows = `
insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${gil}', 'Gil');
insert into app."order" (tenant_id, id, number, secret) values
  ('${acme}', '${order1}', 'A1', false), ('${acme}', '${hiddenOrder}', 'A2', true), ('${globex}', '${foreignOrder}', 'G1', false);
insert into app.invoice (tenant_id, id, total) values ('${acme}', '${invoice1}', 50), ('${acme}', '${invoice2}', 500);
insert into app.note (tenant_id, id, text, subject_order_id, subject_invoice_id) values
  ('${acme}', '${onOrder}', 'order', '${order1}', null), ('${acme}', '${onInvoice}', 'invoice', null, '${invoice2}'),
  ('${acme}', '${onHidden}', 'hidden', '${hiddenOrder}', null);
insert into app.remark (tenant_id, id, text) values ('${acme}', '${loose}', 'loose');
`
const server = useWrittenServer(app, rows, [['clerk'], ['boss'], ['biller'], []])
const as = (...roles: readonly string[]): Who => ({ sub: ann, tenant: acme, roles })
const clerk = as('clerk')

const notes = `{ notes(orderBy: TEXT_ASC) { nodes { text subject { __typename ... on Order { number notes { totalCount } } ... on Invoice { total } } } } }`

describe('a relation to one of several', () => {
  test('is a union; a hidden target reads as null', async () => {
    const { data, errors } = await server().askAs(clerk, notes)
    expect(errors).toEqual([])
    expect(data.notes.nodes).toEqual([
      { text: 'hidden', subject: null },
      { text: 'invoice', subject: { __typename: 'Invoice', total: 500 } },
      { text: 'order', subject: { __typename: 'Order', number: 'A1', notes: { totalCount: 1 } } },
    ])
    const all = await server().askAs(as('boss'), notes)
    expect(all.data.notes.nodes[0]).toEqual({
      text: 'hidden',
      subject: { __typename: 'Order', number: 'A2', notes: { totalCount: 1 } },
    })
  })

  test('has a to-one for each target, to filter and sort by', async () => {
    const query = `{ notes(filter: { subjectInvoice: { total: { greaterThan: 100 } } }, orderBy: [SUBJECT_INVOICE__TOTAL_DESC]) {
      nodes { text subjectInvoice { total } subjectInvoiceId subjectOrderId } } }`
    const { data, errors } = await server().askAs(clerk, query)
    expect(errors).toEqual([])
    expect(data.notes.nodes).toEqual([
      { text: 'invoice', subjectInvoice: { total: 500 }, subjectInvoiceId: invoice2, subjectOrderId: null },
    ])
  })

  const create = `mutation ($note: NoteInput!) { createNote(input: { note: $note }) { id note { subject { __typename } subjectOrderId } } }`

  test('is written as one of its keys, and changed as a whole', async () => {
    const made = await server().askAs(clerk, create, { note: { text: 'new', subject: { orderId: order1 } } })
    expect(made.errors).toEqual([])
    expect(made.data.createNote.note).toEqual({ subject: { __typename: 'Order' }, subjectOrderId: order1 })
    const update = `mutation ($id: UUID!, $patch: NotePatch!) { updateNote(input: { id: $id, patch: $patch }) {
      note { subject { __typename } subjectOrderId subjectInvoiceId } } }`
    const changed = await server().askAs(clerk, update, {
      id: made.data.createNote.id,
      patch: { subject: { invoiceId: invoice1 } },
    })
    expect(changed.errors).toEqual([])
    expect(changed.data.updateNote.note).toEqual({
      subject: { __typename: 'Invoice' },
      subjectOrderId: null,
      subjectInvoiceId: invoice1,
    })
    const emptied = await server().askAs(clerk, update, { id: made.data.createNote.id, patch: { subject: null } })
    expect(emptied.errors).toMatchObject([{ extensions: { code: 'VALIDATION', fields: ['subject'] } }])
    const kept = await server().askAs(clerk, update, { id: made.data.createNote.id, patch: { text: 'newer' } })
    expect(kept.data.updateNote.note.subjectInvoiceId).toBe(invoice1)
    await server().askAs(clerk, `mutation { deleteNote(input: { id: "${made.data.createNote.id}" }) { id } }`)
  })

  test('none, two or null keys are VALIDATION', async () => {
    const wrong = [{}, { orderId: order1, invoiceId: invoice1 }, { orderId: null }, { orderId: 'x' }]
    for (const subject of wrong) {
      const { data, errors } = await server().askAs(clerk, create, { note: { text: 'new', subject } })
      expect(data).toBeNull()
      expect(errors).toMatchObject([{ extensions: { code: 'VALIDATION' } }])
    }
    const left = await server().askAs(clerk, create, { note: { text: 'new' } })
    expect(left.errors[0]?.extensions.code).toBe('VALIDATION')
  })

  test('optional ones may lead nowhere', async () => {
    const make =
      'mutation ($remark: RemarkInput!) { createRemark(input: { remark: $remark }) { id remark { about { __typename } } } }'
    for (const remark of [{ text: 'a' }, { text: 'b', about: null }]) {
      const { data, errors } = await server().askAs(clerk, make, { remark })
      expect(errors).toEqual([])
      expect(data.createRemark.remark).toEqual({ about: null })
      await server().askAs(clerk, `mutation { deleteRemark(input: { id: "${data.createRemark.id}" }) { id } }`)
    }
  })

  test('a hidden, foreign or absent target is NOT_FOUND', async () => {
    const answers = await Promise.all(
      [hiddenOrder, foreignOrder, '00000000-0000-7000-8000-00000000dead'].map((orderId) =>
        server().askAs(clerk, create, { note: { text: 'new', subject: { orderId } } }),
      ),
    )
    for (const { errors } of answers) {
      expect(errors).toEqual(answers[0]!.errors)
      expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', fields: ['subject'] } }])
    }
  })

  test('the database takes neither none nor two', async () => {
    const direct = (columns: string, values: string) =>
      server().database.asOwner((client) =>
        client.query(`insert into app.note (tenant_id, text${columns}) values ('${acme}', 'x'${values})`),
      )
    await expect(direct('', '')).rejects.toMatchObject({ code: '23514', constraint: 'note_subject_check' })
    const two = direct(', subject_order_id, subject_invoice_id', `, '${order1}', '${invoice1}'`)
    await expect(two).rejects.toMatchObject({ code: '23514', constraint: 'note_subject_check' })
  })

  test('conditions name the target', async () => {
    const { data } = await server().askAs(as('biller'), '{ notes { nodes { text } } remarks { nodes { text } } }')
    expect(data).toEqual({ notes: { nodes: [{ text: 'invoice' }] }, remarks: { nodes: [{ text: 'loose' }] } })
  })

  test('each target takes its rows along, and gives them back', async () => {
    const verb = (name: string) => server().askAs(clerk, `mutation { ${name}(input: { id: "${invoice2}" }) { id } }`)
    const texts = async () => {
      const { data } = await server().askAs(clerk, '{ notes(orderBy: TEXT_ASC) { nodes { text } } }')
      return data.notes.nodes.map(({ text }: { text: string }) => text)
    }
    expect((await verb('removeInvoice')).errors).toEqual([])
    expect(await texts()).toEqual(['hidden', 'order'])
    const restore = `mutation { restoreNote(input: { id: "${onInvoice}" }) { id } }`
    expect((await server().askAs(clerk, restore)).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }])
    expect((await verb('restoreInvoice')).errors).toEqual([])
    expect(await texts()).toEqual(['hidden', 'invoice', 'order'])
  })
})
