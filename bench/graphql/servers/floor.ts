import type { IncomingMessage } from 'node:http'
import pg from 'pg'
import type { ShapeName } from '../shapes.ts'
import { poolSize, type ReadSettings, serve, serverOptions, settingsReader } from './serving.ts'

const { databaseUrl, folder } = serverOptions()
const settingsOf = cached(await settingsReader(folder))
const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize, pipeline: true } as never)

const order = `'number', o.number, 'status', o.status, 'currency', o.currency, 'wantedOn', o.wanted_on, 'notes', o.notes, 'customerId', o.customer_id`
const columns = 'o.id, o.number, o.status, o.currency, o.wanted_on, o.notes, o.customer_id'
const nodes = (of: string) => `json_build_object('nodes', coalesce(json_agg(${of}), '[]'))`

/** What answers each shape: JSON, made by Postgres. As parameters, values of the variables in their order. */
const statements: Readonly<Record<ShapeName, string>> = {
  'by-id': `select json_build_object('order', json_build_object('id', o.id, ${order}, 'customer', json_build_object('name', c.name)))::text as data
    from app."order" o left join app.customer c on c.tenant_id = o.tenant_id and c.id = o.customer_id
    where o.tenant_id = $1 and o.id = $2`,
  'list-20': `select json_build_object('orders', ${nodes(`json_build_object('id', o.id, ${order})`)})::text as data
    from (select ${columns} from app."order" o order by id desc limit 20) o`,
  nested: `select json_build_object('customers', ${nodes(`json_build_object('id', c.id, 'name', c.name, 'orders', o.found)`)})::text as data
    from (select tenant_id, id, name from app.customer order by id limit 5) c, lateral (
      select ${nodes(`json_build_object('id', o.id, 'number', o.number, 'lines', l.found)`)} as found
      from (select o.tenant_id, o.id, o.number from app."order" o where o.tenant_id = c.tenant_id and o.customer_id = c.id order by o.id limit 4) o, lateral (
        select ${nodes(`json_build_object('quantity', l.quantity, 'unitPrice', l.unit_price::text, 'product',
          (select json_build_object('id', p.id, 'name', p.name) from app.product p where p.tenant_id = l.tenant_id and p.id = l.product_id))`)} as found
        from (select l.tenant_id, l.product_id, l.quantity, l.unit_price from app.order_line l where l.tenant_id = o.tenant_id and l.order_id = o.id order by l.order_position limit 5) l) l) o`,
  aggregate: `select json_build_object('orders', json_build_object('totalCount', count(*), 'aggregates', json_build_object(
      'sum', json_build_object('margin', sum(o.margin)::text), 'max', json_build_object('margin', max(o.margin)::text))))::text as data
    from app."order" o where o.customer_id = $1`,
  create: `insert into app."order" as o (number, customer_id, currency) values ($1, $2, 'USD')
    returning json_build_object('createOrder', json_build_object('order', json_build_object('id', o.id, ${order})))::text as data`,
}

serve(async (request, response) => {
  const settings = await settingsOf(request.headers.authorization)
  const { shape, variables } = JSON.parse(await bodyOf(request)) as {
    readonly shape: ShapeName
    readonly variables: Readonly<Record<string, string>>
  }
  const body = `{"data":${await ask(settings, shape, Object.values(variables))}}`
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
})

/** One transaction of the caller; all of it is sent before the first answer. */
async function ask(settings: readonly string[], shape: ShapeName, values: readonly string[]): Promise<string> {
  const client = await pool.connect()
  try {
    const [, , { rows }] = await Promise.all([
      client.query('begin'),
      client.query({
        name: 'settings',
        text: `select set_config('role', $1, true), set_config('rowhouse.tenant_id', $2, true),
          set_config('rowhouse.actor_id', $3, true), set_config('rowhouse.claim_region', $4, true)`,
        values: [...settings],
      }),
      client.query<{ data: string }>({ name: shape, text: statements[shape], values: [...values] }),
      client.query('commit'),
    ])
    return rows[0]!.data
  } finally {
    client.release()
  }
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (text += chunk))
    request.on('end', () => resolve(text))
    request.on('error', reject)
  })
}

/** A token is verified once. */
function cached(read: ReadSettings): (authorization: string | undefined) => Promise<readonly string[]> {
  const known = new Map<string, Promise<readonly string[]>>()
  return (authorization = '') => {
    let found = known.get(authorization)
    if (found === undefined) {
      found = read(authorization).then((settings) => Object.values(settings))
      known.set(authorization, found)
    }
    return found
  }
}
