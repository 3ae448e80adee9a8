import { lowerFirst, snakeCase } from '#base'
import {
  type ActionsDeclaration,
  type ActorDeclaration,
  collectImports,
  type EntityDeclaration,
  type FormulasDeclaration,
  kindOf,
  type Model,
  type PolicyDeclaration,
  type Printing,
  printKey,
  printString,
  printValue,
  type RolesDeclaration,
  type SharedTypes,
} from '#schema'
import { modelDeclarations } from './model-declarations.ts'

/** Text of each file of an app, by path in the app folder. */
export type AppFiles = Readonly<Record<string, string>>

/** An app that gives this model when it is loaded: one file for each entity and policy. */
export function printApp(model: Model): AppFiles {
  const { entities, formulas, policies, roles, actions, actor, shared, texts } = modelDeclarations(model)
  return {
    ...Object.fromEntries(texts),
    ...(shared.all.size === 0 ? {} : { 'schema/types.ts': printShared(shared) }),
    ...Object.fromEntries(
      entities.map((entity) => [
        entityFile(entity.name),
        printEntity(
          entity,
          formulas.filter(({ of }) => of === entity.name),
          shared,
        ),
      ]),
    ),
    ...(roles === null ? {} : { 'policies/roles.ts': printRoles(roles) }),
    ...(actions === null ? {} : { 'policies/actions.ts': printActions(actions, shared) }),
    ...(actor === null ? {} : { 'policies/actor.ts': printActor(actor) }),
    ...Object.fromEntries(policies.map((policy) => [`policies/${kebab(policy.of)}.policy.ts`, printPolicy(policy)])),
  }
}

function entityFile(name: string): string {
  return `schema/${kebab(name)}.entity.ts`
}

function printShared(shared: SharedTypes): string {
  return printFile((printing) =>
    [...shared.all]
      .map(([name, declared]) => `export const ${lowerFirst(name)} = ${printValue(declared, printing)}\n`)
      .join('\n'),
  )
}

function printEntity(
  { name, definition }: EntityDeclaration,
  formulas: readonly FormulasDeclaration[],
  shared: SharedTypes,
): string {
  return printFile(
    (printing) => {
      printing.imports.use('rowhouse/schema', 'entity')
      const text = `export const ${name} = entity(${printString(name)}, ${printObject(definition, printing)})\n`
      return [text, ...formulas.map((each) => printFormulas(each, printing))].join('\n')
    },
    namedIn(shared, './types.ts'),
  )
}

/** Writes shared types by their constants. */
function namedIn(shared: SharedTypes, module: string) {
  return (value: unknown, use: (module: string, name: string) => void): string | null => {
    const found = [...shared.all].find(([, declared]) => declared === value)
    if (found === undefined) return null
    const constant = lowerFirst(found[0])
    use(module, constant)
    return constant
  }
}

function printFormulas(declared: FormulasDeclaration, printing: Printing): string {
  const word = kindOf(declared) === 'defaults' ? 'defaults' : 'formulas'
  printing.imports.use('rowhouse/schema', word)
  const constant = `${declared.of}${word === 'defaults' ? 'Defaults' : 'Formulas'}`
  return `export const ${constant} = ${word}(${declared.of}, ${printObject(declared.given, printing)})\n`
}

function printPolicy({ of, rules, options }: PolicyDeclaration): string {
  return printFile((printing) => {
    printing.imports.use('rowhouse/policies', 'policy')
    const said = options === undefined ? '' : `, ${printObject(options as Readonly<Record<string, unknown>>, printing)}`
    printing.imports.use(`../${entityFile(of)}`, of)
    return `export const ${of}Policy = policy(${of}, ${printObject(rules, printing)}${said})\n`
  })
}

function printRoles({ roles }: RolesDeclaration): string {
  return printFile((printing) => {
    printing.imports.use('rowhouse/policies', 'defineRoles')
    return `export const roles = defineRoles(${printObject(roles, printing)})\n`
  })
}

function printActions({ actions }: ActionsDeclaration, shared: SharedTypes): string {
  return printFile(
    (printing) => {
      printing.imports.use('rowhouse/policies', 'defineActions')
      return `export const actions = defineActions(${printObject(actions, printing)})\n`
    },
    namedIn(shared, '../schema/types.ts'),
  )
}

function printActor({ of, values }: ActorDeclaration): string {
  return printFile((printing) => {
    const { imports } = printing
    imports.use('rowhouse/policies', 'defineActor')
    imports.use(`../${entityFile(of)}`, of)
    const words = new Set(Object.values(values).map((value) => kindOf(value)!))
    const taken = [...words].toSorted().join(', ')
    if (words.size > 0) imports.use('rowhouse/policies', 'words')
    const line = words.size === 0 ? '' : `const { ${taken} } = words(${of})\n\n`
    return `${line}export const actor = defineActor(${of}, ${printObject(values, printing)})\n`
  })
}

/** An object with a line for each key, however short. */
function printObject(given: Readonly<Record<string, unknown>>, printing: Printing): string {
  const lines = Object.entries(given).map(([key, value]) => {
    const start = `  ${printKey(key)}: `
    return `${start}${printValue(value, printing, 2, start.length - 1)},\n`
  })
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}}`
}

function printFile(
  body: (printing: Printing) => string,
  named: (value: unknown, use: (module: string, name: string) => void) => string | null = () => null,
): string {
  const imports = collectImports()
  const text = body({ imports, named: (value) => named(value, imports.use), data: printValue })
  const lines = imports.print()
  return lines === '' ? text : `${lines}\n${text}`
}

/** `OrderLine` → `order-line` */
function kebab(name: string): string {
  return snakeCase(name).replaceAll('_', '-')
}
