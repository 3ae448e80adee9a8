import { expect, test } from 'vitest'
import { describeModelChange } from '../../../cli/dev/watch/describe-model-change.ts'
import { loadModel } from '../../../policies/index.ts'
import type { Entity, Model } from '../../../schema/index.ts'

const { model } = await loadModel('examples/invoicing', { app: 'invoicing' })

function withEntity(name: string, change: (entity: Entity) => Entity): Model {
  return { ...model, entities: model.entities.map((entity) => (entity.name === name ? change(entity) : entity)) }
}

test('nothing is nothing', () => {
  expect(describeModelChange(model, structuredClone(model))).toEqual([])
})

test('parts of an entity are counted by name', () => {
  const changed = withEntity('Order', (order) => ({
    ...order,
    note: 'Another.',
    fields: order.fields.map((field) => (field.name === 'notes' ? { ...field, note: 'Another.' } : field)).slice(1),
  }))
  expect(describeModelChange(model, changed)).toEqual(['Order changed: 2 fields, note'])
})

test('a rule that names every field is not counted when a field comes', () => {
  const rule = model.policies.find(({ entity }) => entity === 'Order')!.rules.find(({ fields }) => fields !== null)!
  const wider = { ...rule, fields: [...rule.fields!, 'motto'] }
  const grown = withEntity('Order', (order) => ({
    ...order,
    fields: [...order.fields, { ...order.fields[0]!, name: 'motto' }],
  }))
  const policies = grown.policies.map((policy) => ({
    ...policy,
    rules: policy.rules.map((each) => (each === rule ? wider : each)),
  }))
  expect(describeModelChange(model, { ...grown, policies })).toEqual(['Order changed: 1 field'])
  const narrower = { ...rule, fields: rule.fields!.slice(1) }
  const edited = model.policies.map((policy) => ({
    ...policy,
    rules: policy.rules.map((each) => (each === rule ? narrower : each)),
  }))
  expect(describeModelChange(model, { ...model, policies: edited })).toEqual(['Order changed: 1 rule'])
})

test('what else an entity says is its options; roles and actor are named', () => {
  const changed = withEntity('Order', (order) => ({ ...order, display: null }))
  const other = { ...changed, roles: changed.roles.slice(1), actor: null }
  expect(describeModelChange(model, other)).toEqual(['Order changed: options', 'roles changed', 'actor changed'])
})

test('many entities are cut short; new and lost ones are said', () => {
  const all = { ...model, entities: model.entities.map((entity) => ({ ...entity, note: 'Another.' })) }
  const lines = describeModelChange(model, all)
  expect(lines.slice(0, 4).every((line) => line.endsWith('changed: note'))).toBe(true)
  expect(lines[4]).toBe(`${model.entities.length - 4} more changed`)
  const without = { ...model, entities: model.entities.filter(({ name }) => name !== 'Payment') }
  expect(describeModelChange(without, model)).toEqual(['Payment added'])
  expect(describeModelChange(model, without)).toEqual(['Payment removed'])
})
