import { beforeAll, describe, expect, test } from 'vitest'
import { useWrittenServer } from '../options/written-server.ts'

/** Parcels in depots, with slips as parts of them; what is packed or signed stays as it is, and where it is. */
const app = useWrittenServer({
  'schema/all.entity.ts': `
import { entity, many, one, partOf, string } from 'rowhouse/schema'
export const Depot = entity('Depot', {
  fields: { name: string() }, relations: { parcels: many('Parcel', { by: 'depot' }) },
})
export const Parcel = entity('Parcel', {
  fields: { code: string({ unique: true }), label: string({ optional: true }), weight: string({ optional: true }) },
  relations: { depot: one('Depot', { optional: true }), slips: many('Slip', { by: 'parcel' }) },
  lifecycle: {
    initial: 'open',
    states: { open: {}, packed: { freezes: ['label', 'depot'] } },
    transitions: { pack: { from: 'open', to: 'packed' } },
  },
})
export const Slip = entity('Slip', {
  fields: { text: string() },
  relations: { parcel: partOf('Parcel', { ordered: true }) },
  lifecycle: {
    initial: 'open',
    states: { open: {}, signed: { freezes: ['text', 'parcel'] } },
    transitions: { sign: { from: 'open', to: 'signed' } },
  },
})
`,
  'policies/all.policy.ts': `
import { anything, defineRoles, policy } from 'rowhouse/policies'
import { Depot, Parcel, Slip } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
export const DepotPolicy = policy(Depot, { all: { allow: 'admin', to: anything } })
export const ParcelPolicy = policy(Parcel, { all: { allow: 'admin', to: anything } })
export const SlipPolicy = policy(Slip, { all: { allow: 'admin', to: anything } })
`,
})

/** Ids of a depot, a packed and an open parcel in it, and a signed slip of the packed one. */
let there = { depot: '', packed: '', open: '', slip: '' }

beforeAll(async () => {
  const parcels = [
    { code: 'packed', label: 'a', slips: { create: [{ text: 'glass' }] } },
    { code: 'open', label: 'b' },
  ]
  const made = await asked(
    'mutation ($d: DepotInput!) { createDepot(input: { depot: $d }) { depot { id parcels(orderBy: CODE_ASC) { nodes { id slips { nodes { id } } } } } } }',
    { d: { name: 'north', parcels: { create: parcels } } },
  )
  const { id: depot, parcels: found } = made.createDepot.depot
  const [open, packed] = found.nodes
  there = { depot, packed: packed.id, open: open.id, slip: packed.slips.nodes[0].id }
  await asked(`mutation { packParcel(input: { id: "${there.packed}" }) { id } }`)
  await asked(`mutation { signSlip(input: { id: "${there.slip}" }) { id } }`)
})

async function asked(text: string, variables: object = {}) {
  const { data, errors } = await app().ask(text, variables)
  expect(errors).toEqual([])
  return data
}

/** Everything, as the owner sees it. */
async function everything() {
  const rows = ['depot', 'parcel', 'slip'].map((name) => `select to_jsonb(t) as row from app.${name} t`)
  return (await app().database.asOwner((client) => client.query(rows.join(' union all ')))).rows
}

const patch = (of: string) => `updateParcel(input: { id: "${there.packed}", patch: { ${of} } }) { id }`
const slips = (of: string) => `updateSlip(input: { id: "${there.slip}", patch: { ${of} } }) { id }`

/** By way: the mutation, what it would change as it is called in the request, and the state that keeps it. */
const ways: Readonly<Record<string, readonly [text: () => string, field: string, state: string]>> = {
  'a change': [() => patch('label: "x"'), 'label', 'packed'],
  'a change beside what may change': [() => patch('weight: "5", label: null'), 'label', 'packed'],
  'another to-one': [() => patch('depotId: null'), 'depotId', 'packed'],
  'a to-one that is made with it': [() => patch('depot: { create: { name: "new" } }'), 'patch.depot.create', 'packed'],
  'a batch, beside a row that may change': [
    () =>
      `updateParcels(input: { parcels: [{ id: "${there.open}", patch: { label: "y" } }, { id: "${there.packed}", patch: { label: "x" } }] }) { parcels { id } }`,
    'label',
    'packed',
  ],
  'an upsert': [
    () => 'upsertParcel(input: { by: CODE, parcel: { code: "packed", label: "x" } }) { parcel { id } }',
    'label',
    'packed',
  ],
  'upserts, beside a row that is new': [
    () =>
      'upsertParcels(input: { by: CODE, parcels: [{ code: "new" }, { code: "packed", label: "x" }] }) { parcels { id } }',
    'label',
    'packed',
  ],
  'being connected to another row': [
    () => `createDepot(input: { depot: { name: "south", parcels: { connect: [{ id: "${there.packed}" }] } } }) { id }`,
    'depot.parcels.connect.0',
    'packed',
  ],
  'a change of the row that it is a part of': [
    () =>
      `updateParcel(input: { id: "${there.open}", patch: { slips: { connect: [{ id: "${there.slip}" }] } } }) { id }`,
    'patch.slips.connect.0',
    'signed',
  ],
  'another row to be a part of': [() => slips(`parcelId: "${there.open}"`), 'parcelId', 'signed'],
  'a change of a part': [() => slips('text: "x"'), 'text', 'signed'],
}

describe('what a state freezes is not changed by', () => {
  test.each(Object.entries(ways))('%s', async (_title, [text, field, state]) => {
    const before = await everything()
    const { errors } = await app().ask(`mutation { ${text()} }`)
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['VALIDATION'])
    expect(JSON.stringify(errors)).toContain(`\\"${field}\\" cannot change any more: the row is \\"${state}\\".`)
    expect(await everything()).toEqual(before)
  })
})

test('the same ways change what is not frozen', async () => {
  await asked(`mutation { ${patch('weight: "7", label: "a"')} }`)
  await asked(
    'mutation { upsertParcel(input: { by: CODE, parcel: { code: "packed", weight: "8" } }) { parcel { id } } }',
  )
  await asked(
    `mutation { updateDepot(input: { id: "${there.depot}", patch: { parcels: { connect: [{ id: "${there.packed}" }] } } }) { id } }`,
  )
  await asked(
    `mutation { createDepot(input: { depot: { name: "west", parcels: { connect: [{ id: "${there.open}" }] } } }) { id } }`,
  )
})
