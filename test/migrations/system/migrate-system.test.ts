import { expect, test } from 'vitest'
import { useDatabase } from '../../support/database.ts'

const db = useDatabase({ roles: ['sales'] })

test('smoke', async () => {
  const { rows } = await db().asActor({ roles: ['sales'], tenant: '00000000-0000-7000-8000-000000000001' }, (client) =>
    client.query('select rowhouse.tenant_id() as t, current_user as u, rowhouse.uuid_v7() as id'),
  )
  expect(rows[0].t).toBe('00000000-0000-7000-8000-000000000001')
})
