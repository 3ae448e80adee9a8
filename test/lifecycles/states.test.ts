import { beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, gil, useWrittenServer } from '../options/written-server.ts'
import { workflowApp, workflowRoles } from './workflow-app.ts'

const app = useWrittenServer(workflowApp, workflowRoles)
let packed = ''

beforeAll(async () => {
  await app().database.asOwner((client) =>
    client.query(`insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${gil}', 'Gil')`),
  )
  packed = await made({ label: 'a', carrierId: gil })
  expect((await pack(packed)).errors).toEqual([])
})

async function made(parcel: object): Promise<string> {
  const text = 'mutation ($parcel: ParcelInput!) { createParcel(input: { parcel: $parcel }) { id } }'
  const { data, errors } = await app().ask(text, { parcel })
  expect(errors).toEqual([])
  return data.createParcel.id
}

const pack = (id: string) => app().ask(`mutation { packParcel(input: { id: "${id}" }) { id } }`)

const change = (id: string, patch: object) =>
  app().ask(`mutation ($patch: ParcelPatch!) { updateParcel(input: { id: "${id}", patch: $patch }) { id } }`, { patch })

describe('what a state requires', () => {
  test('is asked for by the transition, by name', async () => {
    const id = await made({ label: 'b' })
    const { errors } = await pack(id)
    expect(errors[0]).toMatchObject({ message: '"pack" needs "carrierId".' })
    expect(errors[0]!.extensions).toMatchObject({ code: 'VALIDATION', fields: ['carrierId'] })
    const { data } = await app().ask(`{ parcel(id: "${id}") { transitions { verb allowed because } } }`)
    expect(data.parcel.transitions).toEqual([{ verb: 'pack', allowed: false, because: '"pack" needs "carrierId".' }])
  })

  test('is held by the database, also against the owner', async () => {
    const empty = app().database.asOwner((client) =>
      client.query('update app.parcel set label = null where id = $1', [packed]),
    )
    await expect(empty).rejects.toMatchObject({ code: '23514' })
  })
})

describe('what a state freezes', () => {
  test('cannot be changed, and other things can', async () => {
    for (const [patch, field] of [
      [{ label: 'c' }, 'label'],
      [{ carrierId: ann }, 'carrierId'],
    ] as const) {
      const { errors } = await change(packed, patch)
      expect(errors[0]!.message).toBe(`"${field}" cannot change any more: the row is "packed".`)
      expect(errors[0]!.extensions).toMatchObject({ code: 'VALIDATION', fields: [field] })
    }
    expect((await change(packed, { weight: 3, label: 'a' })).errors).toEqual([])
  })

  test('cannot be changed by SQL, in any way', async () => {
    for (const text of [
      `update app.parcel set label = 'x'`,
      `update app.parcel set weight = 1, label = label || 'x' where id = '${packed}'`,
      `merge into app.parcel p using (select 1) s on p.id = '${packed}' when matched then update set label = 'x'`,
    ]) {
      const attempt = app().database.asActor({ roles: ['clerk'], tenant: acme, actor: ann }, (client) =>
        client.query(text),
      )
      await expect(attempt).rejects.toMatchObject({ code: '23514', message: 'a state freezes this' })
    }
  })

  test('can be changed before, and in the next state', async () => {
    const id = await made({ label: 'd', carrierId: gil })
    expect((await change(id, { label: 'e' })).errors).toEqual([])
    await pack(id)
    expect((await app().ask(`mutation { unpackParcel(input: { id: "${id}" }) { id } }`)).errors).toEqual([])
    expect((await change(id, { label: 'f' })).errors).toEqual([])
  })
})
