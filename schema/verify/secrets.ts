import { everyAction } from '../model/every-action.ts'
import type { Entity, ModelPath } from '../model/model.ts'
import { secretsOf } from '../model/secrets.ts'
import type { Verification } from './context.ts'

/** A secret is written, and asked whether it is there: nothing else of an entity is made of it. */
export function verifySecrets({ model, problems }: Verification): void {
  const report = (path: ModelPath, message: string, hint: string, part?: 'key') =>
    problems.report('SECRET_USE_INVALID', part === undefined ? { path } : { path, part }, message, { hint })
  for (const { action, path } of everyAction(model))
    for (const { name } of secretsOf({ fields: action.input }))
      report(
        [...path, 'input', name],
        `"${name}" is a secret, which no row would hold.`,
        'Inputs of actions are read by what the action runs: use a text.',
      )
  for (const entity of model.entities) {
    for (const { name, type } of entity.computed)
      if (type.kind === 'secret')
        report(
          [entity.name, 'computed', name],
          `"${name}" is computed, and so no secret.`,
          'Formulas may ask whether a secret is there.',
        )
    const secrets = new Set(secretsOf(entity).map(({ name }) => name))
    if (secrets.size === 0) continue
    if (entity.source.kind !== 'table')
      for (const name of secrets)
        report(
          [entity.name, 'fields', name],
          `"${name}" is a secret, but the rows of "${entity.name}" were not made by Rowhouse.`,
          'Secrets are kept apart from rows of tables that Rowhouse makes: give them an entity of their own.',
        )
    for (const { name, path, what } of usesOf(entity))
      if (secrets.has(name))
        report(
          path,
          `"${name}" is a secret, which cannot ${what}.`,
          'Of a secret nothing is known but whether it is there.',
        )
  }
}

interface Use {
  readonly name: string
  readonly path: ModelPath
  readonly what: string
}

function usesOf(entity: Entity): readonly Use[] {
  const at = (...path: readonly (string | number)[]): ModelPath => [entity.name, ...path]
  const numbers = entity.fields.filter(({ numbering }) => numbering !== null).map(({ name }) => name)
  return [
    // What numbers count by is told there.
    ...entity.unique
      .filter(({ on }) => !on.some((name) => numbers.includes(name)))
      .flatMap(({ on }) => on.map((name) => ({ name, path: at('fields', name), what: 'be unique' }))),
    ...entity.indexes.flatMap(({ on, include }) =>
      [...on.map(({ name }) => name), ...include].map((name) => ({
        name,
        path: at('fields', name),
        what: 'be part of an index',
      })),
    ),
    ...entity.sort.map(({ name }) => ({ name, path: at('sort'), what: 'be sorted by' })),
    ...(entity.display === null ? [] : [{ name: entity.display, path: at('display'), what: 'stand for a row' }]),
  ]
}
