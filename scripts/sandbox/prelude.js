// Runs first in every sandbox: a function of what sends a text to the host, and of what logs a line.
// It keeps what it needs of the language before the script can change any of it. Nothing here guards the host: that is for what is outside of the sandbox.
export default (send, logLine) => {
  const { parse, stringify } = JSON
  const { freeze, defineProperty, create } = Object
  const { apply, construct } = Reflect
  const { slice } = String.prototype
  const { isFinite: isReal } = Number
  const { imul, floor } = Math
  const Failed = Error
  const Later = Promise
  const Text = String
  const RealDate = Date
  const later = (run) => new Later(run)

  class Raised extends Failed {
    #told
    constructor(code, message, fields) {
      super(message)
      this.name = 'Raised'
      this.#told = { code, message, fields }
    }
    static told(error) {
      return #told in error ? error.#told : null
    }
  }

  class Refused extends Failed {
    #call
    constructor({ code, message, extensions }, call) {
      super(message)
      this.name = 'Refused'
      this.code = code
      this.extensions = extensions
      this.#call = call
    }
    static call(error) {
      return #call in error ? error.#call : null
    }
  }

  class Secret {
    #name
    constructor(name) {
      this.#name = name
    }
    toJSON() {
      return { $secret: this.#name }
    }
    toString() {
      throw new Failed(
        "A secret cannot be read. It is the value of a header, or a part of one: ['Bearer ', secret('name')].",
      )
    }
  }

  // What JSON would change without a word is an error here.
  const told = (_, value) => {
    if (typeof value === 'number' && !isReal(value))
      throw new Failed(`${value} is no number that can leave the script.`)
    if (typeof value === 'bigint') throw new Failed('A BigInt leaves the script as a text: write String(value).')
    return value
  }

  const waiting = create(null)
  let calls = 0
  const ask = (method, values, replacer = told) =>
    later((resolve, reject) => {
      const text = stringify(values, replacer)
      calls += 1
      waiting[calls] = { resolve, reject }
      send('call', calls, method, text)
    })

  const find = (entity, query) => {
    const values = [entity, query]
    // JSON leaves out what is undefined, and a condition that is left out is met by every row.
    const whole = function (key, value) {
      if (value === undefined && this !== values && this !== query)
        throw new Failed(`"${key}" is compared with undefined: leave it out, or say what is looked for.`)
      return told(key, value)
    }
    return ask('find', values, whole)
  }

  const db = freeze({
    find,
    get: (entity, id) => ask('get', [entity, id]),
    create: (entity, values) => ask('create', [entity, values]),
    update: (entity, id, values) => ask('update', [entity, id, values]),
    remove: (entity, id) => ask('remove', [entity, id]),
    restore: (entity, id) => ask('restore', [entity, id]),
    delete: (entity, id) => ask('delete', [entity, id]),
    act: (entity, verb, id, input) => ask('act', [entity, verb, id, input]),
  })

  const request = async (method, url, options) => {
    const { status, headers, text } = await ask('http', [method, Text(url), options])
    return { status, headers, text, json: () => parse(text) }
  }
  const http = freeze({
    get: (url, options) => request('GET', url, options),
    post: (url, options) => request('POST', url, options),
    put: (url, options) => request('PUT', url, options),
    patch: (url, options) => request('PATCH', url, options),
    delete: (url, options) => request('DELETE', url, options),
  })

  const lineOf = (value) => {
    if (typeof value === 'string') return value
    if (value instanceof Failed) return `${value.name}: ${value.message}`
    try {
      return stringify(value) ?? Text(value)
    } catch {
      return Text(value)
    }
  }
  const log = (...values) => {
    let line = ''
    for (let at = 0; at < values.length; at++) line += (at === 0 ? '' : ' ') + lineOf(values[at])
    logLine(line)
  }

  const raise = (code, message, fields) => {
    throw new Raised(Text(code), Text(message), fields)
  }

  // The time of the run stands still, so that a run that is replayed reads the same.
  const stopClock = (now) => {
    const Stopped = new Proxy(RealDate, {
      construct: (target, values, as) => construct(target, values.length === 0 ? [now] : values, as),
      apply: () => new RealDate(now).toString(),
    })
    defineProperty(RealDate, 'now', { value: () => now, writable: true, configurable: true })
    defineProperty(RealDate.prototype, 'constructor', { value: Stopped, writable: true, configurable: true })
    defineProperty(globalThis, 'Date', { value: Stopped, writable: true, configurable: true })
  }

  // xoshiro128**: good enough for samples, and known to whoever knows the seed.
  const seedRandom = ([a, b, c, d]) => {
    const turned = (value, by) => (value << by) | (value >>> (32 - by))
    const next = () => {
      const result = imul(turned(imul(b, 5), 7), 9) >>> 0
      const kept = b << 9
      c ^= a
      d ^= b
      b ^= c
      a ^= d
      c ^= kept
      d = turned(d, 11)
      return result
    }
    Math.random = () => (next() * 2097152 + floor(next() / 2048)) / 9007199254740992
  }

  const faultOf = (error) => {
    if (typeof error !== 'object' || error === null) return { message: lineOf(error), stack: '', call: null }
    const raised = Raised.told(error)
    if (raised !== null) return { raised }
    const name = error.name === undefined ? 'Error' : Text(error.name)
    const message = error.message === undefined ? lineOf(error) : Text(error.message)
    const call = Refused.call(error)
    return {
      message: call === null ? `${name}: ${message}` : message,
      stack: apply(slice, Text(error.stack ?? ''), [0, 2000]),
      call,
    }
  }
  const fail = (error) => {
    let text
    try {
      text = stringify(faultOf(error))
    } catch {
      text = '{"message":"The script threw something that cannot be told.","stack":"","call":null}'
    }
    send('fault', 0, '', text)
  }

  // Nothing here tells when memory is taken back, or waits for other threads: neither could be replayed.
  for (const name of ['WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer']) delete globalThis[name]
  defineProperty(globalThis, 'console', { value: freeze({ log, info: log, warn: log, error: log, debug: log }) })

  let context
  return freeze({
    prepare(text) {
      const { input, row, actor, now, seed } = parse(text)
      stopClock(RealDate.parse(now))
      seedRandom(seed)
      context = freeze({
        ...{ input, row, actor, now, db, http, log, raise },
        validate: (entity, values) => ask('validate', [entity, values]),
        secret: (name) => new Secret(Text(name)),
      })
    },
    start(module) {
      const run = async () => {
        const { default: main } = await module
        if (typeof main !== 'function') throw new Failed('The script has no `export default script(…)`.')
        return main(context)
      }
      run()
        .then((output) => send('output', 0, '', stringify(output ?? null, told) ?? 'null'))
        .catch(fail)
    },
    answer(call, ok, text) {
      const { resolve, reject } = waiting[call]
      delete waiting[call]
      if (ok) resolve(parse(text))
      else reject(new Refused(parse(text), call))
    },
  })
}
