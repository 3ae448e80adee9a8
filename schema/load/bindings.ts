import type { Expression, Program, Statement } from 'oxc-parser'

/** What a top-level name of a file stands for. */
export type Binding =
  | { readonly kind: 'constant'; readonly value: Expression }
  /** `imported` is `*` for a namespace. */
  | { readonly kind: 'import'; readonly from: string; readonly imported: string }
  /** `const { reach } = words(User)` */
  | { readonly kind: 'taken'; readonly from: Expression }

/** Names of a file: as its own code sees them, and as it exports them. */
export interface Bindings {
  readonly locals: ReadonlyMap<string, Binding>
  /** Only names that are exported under another name, or from another file. */
  readonly renamed: ReadonlyMap<string, Binding>
}

/** Top-level constants and imports by name. What can change later (`let`, functions, classes) is left out. */
export function bindingsOf(program: Program): Bindings {
  const found = new Map<string, Binding>()
  const renamed = new Map<string, Binding>()
  for (const statement of program.body) {
    const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (inner?.type === 'VariableDeclaration' && inner.kind === 'const') addConstants(found, inner)
    if (statement.type === 'ImportDeclaration') addImports(found, statement)
  }
  for (const statement of program.body) {
    if (statement.type === 'ExportNamedDeclaration') addRenames(renamed, found, statement)
  }
  return { locals: found, renamed }
}

type Of<T extends string> = Extract<Statement, { readonly type: T }>

function addConstants(found: Map<string, Binding>, declaration: Of<'VariableDeclaration'>): void {
  for (const { id, init } of declaration.declarations) {
    if (init === null) continue
    if (id.type === 'Identifier') found.set(id.name, { kind: 'constant', value: init })
    if (id.type !== 'ObjectPattern') continue
    for (const property of id.properties) {
      if (property.type === 'Property' && property.value.type === 'Identifier')
        found.set(property.value.name, { kind: 'taken', from: init })
    }
  }
}

function addImports(found: Map<string, Binding>, declaration: Of<'ImportDeclaration'>): void {
  for (const specifier of declaration.specifiers) {
    const from = declaration.source.value
    if (specifier.type === 'ImportNamespaceSpecifier')
      found.set(specifier.local.name, { kind: 'import', from, imported: '*' })
    else if (specifier.type === 'ImportDefaultSpecifier')
      found.set(specifier.local.name, { kind: 'import', from, imported: 'default' })
    else found.set(specifier.local.name, { kind: 'import', from, imported: nameOf(specifier.imported) })
  }
}

/** `export { a as b }` and `export { a } from './c.ts'`. */
function addRenames(
  renamed: Map<string, Binding>,
  locals: ReadonlyMap<string, Binding>,
  declaration: Of<'ExportNamedDeclaration'>,
): void {
  for (const { local, exported } of declaration.specifiers) {
    const from = declaration.source?.value
    const binding =
      from === undefined ? locals.get(nameOf(local)) : ({ kind: 'import', from, imported: nameOf(local) } as const)
    if (binding !== undefined) renamed.set(nameOf(exported), binding)
  }
}

function nameOf(name: { readonly type: string; readonly name?: string; readonly value?: unknown }): string {
  return name.name ?? String(name.value)
}
