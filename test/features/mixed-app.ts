import type { AppFiles } from '../schema/written-app.ts'
import { declarationOf, type Mixture, targetEntities } from './features.ts'

const words =
  "import { base64, choice, date, datetime, defaults, dict, embed, entity, formulas, int, list, many, money, numbering, one, oneOf, partOf, period, plus, secret, shape, string, upper } from 'rowhouse/schema'"

const head = [words, ...targetEntities.split('\n')]

/** The app of such entities, one line each, and of what they lead to. Role `admin` does everything. */
export function mixedApp(mixtures: readonly Mixture[]): AppFiles {
  const schema = [...head, ...mixtures.map(declarationOf)].join('\n')
  const targets = [...targetEntities.matchAll(/export const (\w+)/g)].map(([, name]) => name!)
  const names = [...targets, ...mixtures.map(({ name }) => name)]
  const policies = [
    "import { anything, defineRoles, policy } from 'rowhouse/policies'",
    `import { ${names.join(', ')} } from '../schema/all.entity.ts'`,
    "export const roles = defineRoles({ admin: 'Does everything.' })",
    ...names.map((name) => `export const ${name}Policy = policy(${name}, { 'all': { allow: 'admin', to: anything } })`),
  ]
  return { 'schema/all.entity.ts': schema, 'policies/all.ts': policies.join('\n') }
}

/** The mixture that stands in a line of the app's entities; null when it is another line. */
export function mixtureAt(mixtures: readonly Mixture[], line: number): Mixture | null {
  return mixtures[line - 1 - head.length] ?? null
}
