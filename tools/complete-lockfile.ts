import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Adds the entries that `npm install` leaves out of `package-lock.json` when a registry does not serve the package of another platform:
 * `npm ci` would refuse the lockfile for their absence, on every platform. Run it after each `npm install`.
 */
const path = 'package-lock.json'
const lock: { packages: Record<string, Entry> } = JSON.parse(readFileSync(path, 'utf8'))
const added: string[] = []
for (const [parent, { optionalDependencies = {}, dev, license }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const places = [`${parent}/node_modules/${name}`, `node_modules/${name}`]
    if (places.some((place) => place in lock.packages)) continue
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      ...(dev === undefined ? {} : { dev }),
      ...(license === undefined ? {} : { license }),
      optional: true,
    }
    added.push(`${name}@${version}`)
  }
}
if (added.length > 0) {
  const [root, ...rest] = Object.entries(lock.packages)
  lock.packages = Object.fromEntries([root!, ...rest.sort(([a], [b]) => (a < b ? -1 : 1))])
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
}
console.log(added.length === 0 ? 'Nothing was missing.' : `Added ${added.join(', ')}.`)

interface Entry {
  readonly version?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly dev?: true
  readonly optional?: true
  readonly license?: string
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
}

/** Read from names such as `@oxlint/binding-linux-arm-gnueabihf`. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> {
  const found =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x)(?:-(\w+))?$/.exec(name)
  if (found === null) throw new Error(`"${name}" does not say which platform it is for.`)
  const [, os, cpu, abi = ''] = found
  const libc = os !== 'linux' || abi === '' ? {} : { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] }
  return { cpu: [cpu!], os: [os!], ...libc }
}
