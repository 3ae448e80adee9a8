import { join } from 'node:path'
import { test } from 'vitest'
import { defaultLimits } from '#server'
import { useAppServer } from '../support/app-server.ts'
const [acme, globex] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b']
const ann = '00000000-0000-7000-8000-000000000001'
const claim = '00000000-0000-7000-8000-0000000000d1'
const claim2 = '00000000-0000-7000-8000-0000000000d2'
const app = useAppServer(join(import.meta.dirname, '../fixtures/apps/bazaar'), {
  shared: { Person: [{ id: ann, name: 'Ann' }] },
  tenants: [
    { id: acme, slug: 'acme', name: 'A', rows: { Claim: [{ id: claim, title: 'x' }, { id: claim2, title: 'y' }] } },
    { id: globex, slug: 'globex', name: 'G', rows: {} }],
}, { limits: defaultLimits })
const ask = (roles: string[], text: string, variables: object = {}) => app().ask({ sub: ann, tenant: acme, roles, claims: {} }, text, variables)
const publish = (source: string) => ask(['boss', 'decorator'], 'mutation ($s: String!) { publishScript(input: { name: "scripts/greet", source: $s }) { tenantScript { version } } }', { s: `import { script } from 'rowhouse/scripts'\nexport default script(${source})` })
const mk = 'mutation { createStall(input: { stall: { name: "a" } }) { stall { id name } } }'
test('explore', async () => {
  const out = (x: any) => console.log((x?.text ?? JSON.stringify(x)).slice(0, 1200))
  const probe = async (label: string, body: string) => { await publish(body); console.log('##', label); out(await ask(['boss'], mk)) }
  await probe('acts', `async ({ db }) => { const t = []; const go = async (f) => t.push(await f().then((x) => 'ok ' + JSON.stringify(x).slice(0,40), (e) => e.code + ' ' + e.message.slice(0, 60)));
  await go(() => db.act('Stall', 'create', 'x', { stall: { name: 'inner' } }));
  await go(() => db.act('Stall', 'publishScript', 'x', {}));
  await go(() => db.act('Claim', '__proto__', '${claim}', {}));
  await go(() => db.act('Claim', 'settle', '${claim}', { note: 'n', idempotencyKey: 'k1' }));
  await go(() => db.act('Claim', 'settle', '${claim}', { note: 'n', idempotencyKey: 'k1' }));
  await go(() => db.update('Claim', '${claim2}', { status: 'settled' }));
  await go(() => db.create('ClaimTransition', { verb: 'settle' }));
  await go(() => db.find('ClaimTransition', {}));
  await go(() => db.find('Stall', { where: { constructor: 1 } }));
  await go(() => db.find('Stall', { orderBy: 'abc' }));
  await go(() => db.find('Stall', { where: { pin: 'x' } }));
  await go(() => db.find('Stall', { first: 1e9 }));
  await go(() => db.get('Stall', { id: { a: 1 } }));
  await go(() => db.get('Stall', 'not-a-uuid'));
  await go(() => db.find('Stall', { after: 'zzz' }));
  return { name: t.join('|').slice(0, 200) , fee: 0 } }`)
  const r = await ask(['boss'], '{ stalls { nodes { name } } }'); out(r)
  await publish(`async ({ db, raise }) => { const t = []; const go = async (f) => t.push(await f().then((x) => 'ok ' + JSON.stringify(x).slice(0,60), (e) => e.code + ' ' + e.message.slice(0, 80)));
  await go(() => db.find('Stall', { where: { constructor: 1 } }));
  await go(() => db.find('Stall', { orderBy: 'abc' }));
  await go(() => db.find('Stall', { where: { pin: 'x' } }));
  await go(() => db.find('Stall', { where: { pinIsSet: true } }));
  await go(() => db.find('Stall', { first: 1e9 }));
  await go(() => db.get('Stall', { id: { a: 1 } }));
  await go(() => db.get('Stall', 'not-a-uuid'));
  await go(() => db.find('Stall', { after: 'zzz' }));
  await go(() => db.act('Claim', '__proto__', '${claim}', {}));
  await go(() => db.update('Claim', '${claim2}', { status: 'settled' }));
  await go(() => db.create('ClaimTransition', { verb: 'settle' }));
  raise('X', t.join(' | ').slice(0, 1000)) }`)
  out(await ask(['boss'], mk))
  // mutations in number
  await publish('async () => ({})')
  const many = (n: number) => 'mutation { ' + Array.from({ length: n }, (_, i) => `a${i}: createStall(input: { stall: { name: "a" } }) { stall { id } }`).join(' ') + ' }'
  const t0 = Date.now(); out(await ask(['boss'], many(200))); console.log('200 aliases', Date.now() - t0)
  const t1 = Date.now(); out(await ask(['boss'], `mutation { createStalls(input: { stalls: [${Array.from({ length: 1000 }, () => '{ name: "x" }').join(',')}] }) { stalls { id } } }`)); console.log('1000 batch', Date.now() - t1)
  // idempotency: another role, same actor
  out(await ask(['boss'], `mutation { refuseClaim(input: { id: "${claim2}", idempotencyKey: "r" }) { claim { status } } }`))
  out(await ask(['boss'], `mutation { settleClaim(input: { id: "${claim2}", idempotencyKey: "s" }) { claim { status } } }`))
  out(await ask(['clerk'], `mutation { settleClaim(input: { id: "${claim2}", idempotencyKey: "s" }) { claim { status } } }`))
  out(await ask([], `mutation { settleClaim(input: { id: "${claim2}", idempotencyKey: "s" }) { claim { status } } }`))
})
