import { acme, type Doors, foreignCustomer, goneOrder, hiddenA, hiddenB, lines, theirs } from './doors.ts'

/**
 * Changes all that Sam may not see, and nothing that he may: fields that are hidden from him, rows of another team, removed ones, those of another
 * tenant. Whatever he asks, he must not be able to tell. Triggers rest meanwhile, for `updatedAt` and histories are no secret.
 */
export async function changeWhatIsHidden({ database }: Doors): Promise<void> {
  const tables = ['"order"', 'order_line', 'customer', 'letter', 'remark', 'membership', 'team']
  await database.asOwner(async (client) => {
    for (const table of tables) await client.query(`alter table app.${table} disable trigger user`)
    for (const statement of changes) await client.query(statement)
    for (const table of tables) await client.query(`alter table app.${table} enable trigger user`)
  })
}

const changes: readonly string[] = [
  // Hidden fields of rows that he sees: the order of these turns round, a null becomes a value and the other way.
  `update app."order" set margin = case number when 'A' then 70 when 'B' then null else 3.5 end`,
  `update app.customer set memo = case code when 'OURS' then 'loud' else 'quiet' end`,
  // Rows of others: fewer, more, and other ones.
  `update app."order" set amount = 1, weight = 5, number = 'moved ' || number where id in ('${hiddenA}', '${foreignCustomer}')`,
  `update app.order_line set price = 3, text = 'q' where id in ('${lines[2]}', '${lines[4]}', '${lines[5]}')`,
  `delete from app."order" where id = '${hiddenB}'`,
  `insert into app."order" (tenant_id, number, amount, margin, weight, customer_id, customer_team_id)
    select '${acme}', 'N' || n, n, n, n, '${theirs}', team_id from app.customer, generate_series(1, 5) n where id = '${theirs}'`,
  `update app.team set name = 'A first' where name = 'South'`,
  `delete from app.letter`,
  `delete from app.membership where user_id <> '00000000-0000-7000-8000-0000000000a1'`,
  // Removed ones.
  `update app."order" set amount = 9, weight = 9, number = 'Z' where id = '${goneOrder}'`,
]
