import { expect, test } from 'vitest'
import { useAppServer } from '../../support/app-server.ts'
import type { Subject } from '../../support/served-app.ts'
import { loadDump, useOriginal } from '../support/original.ts'
import { caller, people } from './people.ts'

const original = useOriginal('northwind')
const app = useAppServer(import.meta.dirname, people, { before: (client) => loadDump(client, 'northwind') })

const nancy = caller(1, ['sales'])
const michael = caller(6, ['sales'])
const steven = caller(5, ['manager'])
const andrew = caller(2, ['director'])
const alfreds = caller('ALFKI', ['customer'])
const savea = caller('SAVEA', ['customer'])

async function answer(who: Subject | null, query: string, variables: object = {}) {
  const { data, errors } = await app().ask(who, query, variables)
  expect(errors, JSON.stringify(app().log)).toEqual([])
  return data
}

async function codes(who: Subject | null, query: string): Promise<readonly string[]> {
  return (await app().ask(who, query)).errors.map(({ extensions }) => extensions.code)
}

/** What a line comes to, as the model says it. */
const amount = 'round(d.unit_price::numeric * d.quantity * (1 - d.discount::numeric), 2)'

test('1: what is sold, by visitors and by staff, with prices and what is in stock', async () => {
  const query = `{ products(filter: { category: { name: { in: ["Beverages", "Produce"] } } }, orderBy: [UNIT_PRICE_DESC, NAME_ASC]) {
    totalCount nodes { id name quantityPerUnit unitPrice unitsInStock discontinued isSold stockValue category { name description } }
  } }`
  const rowsOf = (where: string) =>
    original().rows(
      `select product_id as id, product_name as name, quantity_per_unit as "quantityPerUnit", unit_price as "unitPrice",
         units_in_stock as "unitsInStock", discontinued, discontinued = 0 as "isSold",
         round(unit_price::numeric * units_in_stock, 2)::text as "stockValue",
         json_build_object('name', category_name, 'description', description) as category
       from products join categories using (category_id) where category_name in ('Beverages', 'Produce') and ${where}
       order by products.unit_price desc, product_name collate "C"`,
    )
  const sold = await rowsOf('discontinued = 0')
  const all = await rowsOf('true')
  expect((await answer(null, query)).products).toEqual({ totalCount: sold.length, nodes: sold })
  expect((await answer(nancy, query)).products).toEqual({ totalCount: all.length, nodes: all })
  expect(all.length).toBeGreaterThan(sold.length)
})

test('2: the orders that somebody took, with their lines, exactly added up', async () => {
  const query = `{ orders(orderBy: [NUMBER_ASC], first: 60) { totalCount nodes {
    number orderedOn requiredOn shippedOn freight total lineCount shipper { name } customer { name country }
    lines(orderBy: [AMOUNT_DESC, PRODUCT_ID_ASC], first: 2) { nodes { unitPrice quantity discount amount product { name } } }
  } } }`
  const rowsOf = (employee: number) =>
    original().rows(
      `select o.order_id as number, order_date as "orderedOn", required_date as "requiredOn", shipped_date as "shippedOn", freight,
         (select sum(${amount})::text from order_details d where d.order_id = o.order_id) as total,
         (select count(*)::int from order_details d where d.order_id = o.order_id) as "lineCount",
         json_build_object('name', s.company_name) as shipper, json_build_object('name', c.company_name, 'country', c.country) as customer,
         json_build_object('nodes', (
           select json_agg(x) from (
             select d.unit_price as "unitPrice", quantity, discount, ${amount}::text as amount, json_build_object('name', p.product_name) as product
             from order_details d join products p using (product_id) where d.order_id = o.order_id
             order by ${amount} desc, product_id limit 2
           ) x
         )) as lines
       from orders o join shippers s on s.shipper_id = o.ship_via join customers c using (customer_id)
       where employee_id = $1 order by o.order_id limit 60`,
      [employee],
    )
  const ofNancy = await rowsOf(1)
  expect((await answer(nancy, query)).orders).toEqual({ totalCount: 123, nodes: ofNancy })
  expect((await answer(michael, query)).orders).toEqual({ totalCount: 67, nodes: await rowsOf(6) })
})

test('3: a manager adds up what those who report to him took, and himself', async () => {
  const { orders } = await answer(
    steven,
    `{ orders { groupedAggregates(groupBy: [EMPLOYEE_ID]) {
      keys sum { total lineCount } min { orderedOn } max { freight } distinctCount { customerId }
    } } }`,
  )
  const rows = await original().rows(
    `select array[employee_id::text] as keys, json_build_object('total', sum(total)::text, 'lineCount', sum(lines)::text) as sum,
       json_build_object('orderedOn', min(order_date)) as min, json_build_object('freight', max(freight)) as max,
       json_build_object('customerId', count(distinct customer_id)::text) as "distinctCount"
     from orders o join (select order_id, sum(${amount}) as total, count(*) as lines from order_details d group by 1) t using (order_id)
     where employee_id in (select employee_id from employees where 5 in (employee_id, reports_to)) group by employee_id`,
  )
  expect(byKeys(orders.groupedAggregates)).toEqual(byKeys(rows))
  expect(rows).toHaveLength(4)
})

test('4: sales by where they went and by carrier, only where they are worth it', async () => {
  const { orders } = await answer(
    andrew,
    `{ orders(filter: { shippedOn: { isNull: false } }) {
      groupedAggregates(groupBy: [SHIP_COUNTRY, SHIPPER_ID], having: { sum: { total: { greaterThan: "30000" } } }) {
        keys sum { total } average { daysLate } distinctCount { shipCity }
      }
    } }`,
  )
  const rows = await original().rows(
    `select array[ship_country, ship_via::text] as keys, json_build_object('total', sum(total)::text) as sum,
       json_build_object('daysLate', avg(shipped_date - required_date)::text) as average,
       json_build_object('shipCity', count(distinct ship_city)::text) as "distinctCount"
     from orders o join (select order_id, sum(${amount}) as total from order_details d group by 1) t using (order_id)
     where shipped_date is not null group by ship_country, ship_via having sum(total) > 30000`,
  )
  expect(byKeys(orders.groupedAggregates)).toEqual(byKeys(rows))
  expect(rows.length).toBeGreaterThan(5)
})

function byKeys<T extends { readonly keys: readonly string[] }>(groups: readonly T[]): readonly T[] {
  return groups.toSorted((a, b) => (a.keys.join() < b.keys.join() ? -1 : 1))
}

test('5: a customer sees its own orders, when they came and where they went', async () => {
  const query = `{ customers { nodes { code name spent orderCount lastOrderedOn } } orders(orderBy: [ORDERED_ON_ASC, NUMBER_ASC]) { nodes {
    number daysLate isLate ship { name address city region postalCode country } employeeId
  } } }`
  const rowsOf = async (code: string) => ({
    customers: {
      nodes: await original().rows(
        `select customer_id as code, company_name as name, sum(${amount})::text as spent,
           count(distinct order_id)::int as "orderCount", max(order_date) as "lastOrderedOn"
         from customers join orders using (customer_id) join order_details d using (order_id) where customer_id = $1 group by customer_id`,
        [code],
      ),
    },
    orders: {
      nodes: await original().rows(
        `select order_id as number, shipped_date - required_date as "daysLate", coalesce(shipped_date > required_date, false) as "isLate",
           json_build_object('name', ship_name, 'address', ship_address, 'city', ship_city, 'region', ship_region,
             'postalCode', ship_postal_code, 'country', ship_country) as ship, employee_id as "employeeId"
         from orders where customer_id = $1 order by order_date, order_id`,
        [code],
      ),
    },
  })
  expect(await answer(alfreds, query)).toEqual(await rowsOf('ALFKI'))
  expect(await answer(savea, query)).toEqual(await rowsOf('SAVEA'))
  expect(await codes(null, '{ orders { totalCount } }')).toEqual(['FORBIDDEN'])
  expect(await answer(alfreds, '{ customer(code: "SAVEA") { name } order(number: 10248) { number } }')).toEqual({
    customer: null,
    order: null,
  })
})

test('6: who ordered a product and never another, through the lines', async () => {
  const { customers } = await answer(
    andrew,
    `{ customers(filter: {
      orders: { some: { products: { some: { name: { equalTo: "Chai" } } } } }
      not: { orders: { some: { products: { some: { name: { equalTo: "Chang" } } } } } }
    }, orderBy: [CODE_ASC]) { nodes { code orders(first: 1, orderBy: [NUMBER_DESC]) { totalCount nodes { number
      products(orderBy: [NAME_ASC]) { edges { node { name } } }
    } } } } }`,
  )
  const ordered = (product: string) =>
    `exists (select from orders o join order_details using (order_id) join products p using (product_id)
       where o.customer_id = c.customer_id and product_name = '${product}')`
  const rows = await original().rows(
    `select customer_id as code, json_build_object('totalCount', (select count(*) from orders o where o.customer_id = c.customer_id),
       'nodes', (select json_agg(x) from (
         select o.order_id as number, json_build_object('edges', (
           select json_agg(json_build_object('node', json_build_object('name', product_name)) order by product_name collate "C")
           from order_details join products using (product_id) where order_id = o.order_id
         )) as products
         from orders o where o.customer_id = c.customer_id order by o.order_id desc limit 1
       ) x)) as orders
     from customers c where ${ordered('Chai')} and not ${ordered('Chang')} order by customer_id collate "C"`,
  )
  expect(customers.nodes).toEqual(rows)
  expect(rows.length).toBeGreaterThan(3)
})

test('7: who looks after which territories, and who reports to whom', async () => {
  const { employees } = await answer(
    nancy,
    `{ employees(orderBy: [HIRED_ON_ASC, ID_ASC]) { nodes {
      id name titleOfCourtesy bornOn hiredOn reportsTo { name } reports { totalCount } orderCount notes
      territories(orderBy: [CODE_ASC], first: 3) { totalCount nodes { code name region { name } } }
    } } }`,
  )
  const rows = await original().rows(
    `select e.employee_id as id, e.first_name || ' ' || e.last_name as name, e.title_of_courtesy as "titleOfCourtesy",
       e.birth_date as "bornOn", e.hire_date as "hiredOn",
       case when b.employee_id is not null then json_build_object('name', b.first_name || ' ' || b.last_name) end as "reportsTo",
       json_build_object('totalCount', (select count(*) from employees r where r.reports_to = e.employee_id)) as reports,
       (select count(*)::int from orders o where o.employee_id = e.employee_id) as "orderCount", e.notes,
       json_build_object('totalCount', (select count(*) from employee_territories t where t.employee_id = e.employee_id), 'nodes', (
         select json_agg(x) from (
           select territory_id as code, territory_description as name, json_build_object('name', region_description) as region
           from employee_territories t join territories using (territory_id) join region using (region_id)
           where t.employee_id = e.employee_id order by territory_id collate "C" limit 3
         ) x
       )) as territories
     from employees e left join employees b on b.employee_id = e.reports_to order by e.hire_date, e.employee_id`,
  )
  expect(employees.nodes).toEqual(rows)
  expect(rows).toHaveLength(9)
})

test('8: page by page through every line, by a key of two columns', async () => {
  const found: object[] = []
  let after: string | null = null
  for (let page = 0; page < 10; page++) {
    const { orderLines } = await answer(
      andrew,
      `query ($after: Cursor) { orderLines(first: 500, after: $after, orderBy: [QUANTITY_DESC]) {
        totalCount pageInfo { hasNextPage endCursor } nodes { orderId productId quantity amount }
      } }`,
      { after },
    )
    found.push(...orderLines.nodes)
    after = orderLines.pageInfo.endCursor
    if (!orderLines.pageInfo.hasNextPage) break
  }
  const rows = await original().rows(
    `select order_id as "orderId", product_id as "productId", quantity, ${amount}::text as amount from order_details d
     order by d.quantity desc, order_id desc, product_id desc`,
  )
  expect(found).toEqual(rows)
  expect(rows).toHaveLength(2155)
})

test('9: late orders of a carrier, with how late', async () => {
  const { orders } = await answer(
    andrew,
    `{ orders(filter: { isLate: { equalTo: true }, shipper: { name: { startsWith: "United" } } }, orderBy: [DAYS_LATE_DESC, NUMBER_ASC]) {
      totalCount nodes { number daysLate employee { name } } aggregates { max { daysLate } sum { total daysLate } }
    } }`,
  )
  const rows = await original().rows(
    `select order_id as number, shipped_date - required_date as "daysLate",
       json_build_object('name', first_name || ' ' || last_name) as employee
     from orders join employees using (employee_id) join shippers on shipper_id = ship_via
     where shipped_date > required_date and company_name like 'United%' order by 2 desc, 1`,
  )
  const [aggregates] = await original().rows(
    `select json_build_object('daysLate', max(late)) as max,
       json_build_object('total', sum(total)::text, 'daysLate', sum(late)::text) as sum
     from (
       select o.shipped_date - o.required_date as late, sum(${amount}) as total
       from orders o join order_details d using (order_id) join shippers on shipper_id = ship_via
       where shipped_date > required_date and company_name like 'United%' group by o.order_id
     ) x`,
  )
  expect(orders).toEqual({ totalCount: rows.length, nodes: rows, aggregates })
  expect(rows.length).toBeGreaterThan(5)
})

test('10: suppliers of what costs much, by what their products brought in', async () => {
  const { suppliers } = await answer(
    nancy,
    `{ suppliers(filter: { products: { some: { unitPrice: { greaterThan: 40 } } } }, orderBy: [COUNTRY_ASC, NAME_ASC]) { nodes {
      name country homepage products(orderBy: [REVENUE_DESC]) { nodes { name revenue unitPrice } aggregates { sum { revenue unitsInStock } } }
    } } }`,
  )
  const rows = await original().rows(
    `with p as (
       select p.*, (select sum(${amount}) from order_details d where d.product_id = p.product_id) as revenue from products p
     )
     select company_name as name, country, homepage, json_build_object(
       'nodes', json_agg(json_build_object('name', product_name, 'revenue', revenue::text, 'unitPrice', unit_price) order by revenue desc),
       'aggregates', json_build_object('sum', json_build_object('revenue', sum(revenue)::text, 'unitsInStock', sum(units_in_stock)::text))
     ) as products
     from suppliers s join p using (supplier_id) group by s.supplier_id having max(unit_price) > 40
     order by country collate "C", company_name collate "C"`,
  )
  expect(suppliers.nodes).toEqual(rows)
  expect(rows.length).toBeGreaterThan(8)
  expect(await codes(alfreds, '{ suppliers { totalCount } }')).toEqual(['FORBIDDEN'])
})
