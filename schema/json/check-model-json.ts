import { readFileSync } from 'node:fs'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { didYouMean } from '#base'
import type { JsonPath } from './json-source.ts'

/** What is wrong with the form of a document, and where. */
export interface FormFault {
  readonly path: JsonPath
  /** Whether the key in front is meant. */
  readonly part: 'key' | 'value'
  readonly message: string
  readonly hint: string | null
}

let compiled: ValidateFunction | null = null

/** What keeps a document from having the form that the published JSON Schema describes; empty for a sound one. */
export function checkModelJson(document: unknown): readonly FormFault[] {
  compiled ??= compile()
  compiled(document)
  const errors = (compiled.errors ?? []).filter(({ keyword }) => keyword !== 'oneOf' && keyword !== 'anyOf')
  return uniquePlaces(errors).map((error) => faultOf(error, document))
}

function compile(): ValidateFunction {
  const file = new URL('../model/model.schema.json', import.meta.url)
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    discriminator: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    strictTypes: false,
  })
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object)
}

/** A value that may be of several forms fails each of them: one report is enough. */
function uniquePlaces(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const seen = new Set<string>()
  return errors.filter(({ instancePath, keyword, params }) => {
    const place = `${instancePath} ${String(params.missingProperty ?? params.additionalProperty ?? '')}`
    const isNew = !seen.has(place) && !(keyword === 'type' && seen.has(`${instancePath} `))
    seen.add(place)
    return isNew
  })
}

function faultOf(error: ErrorObject, document: unknown): FormFault {
  const path = pathOf(error.instancePath, document)
  const { keyword, params } = error
  if (keyword === 'additionalProperties') {
    const name = String(params.additionalProperty)
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {})
    return { path: [...path, name], part: 'key', message: `There is no "${name}" here.`, hint: meant(name, known) }
  }
  if (keyword === 'required') {
    return { path, part: 'value', message: `"${String(params.missingProperty)}" is missing here.`, hint: null }
  }
  if (keyword === 'const')
    return { path, part: 'value', message: `This must be ${JSON.stringify(params.allowedValue)}.`, hint: null }
  if (keyword === 'enum') {
    const known = (params.allowedValues as readonly unknown[]).map(String)
    const message = `This must be one of ${known.map((each) => `"${each}"`).join(', ')}.`
    return { path, part: 'value', message, hint: meant(String(valueAt(document, path)), known) }
  }
  if (keyword === 'discriminator')
    return { path: [...path, 'kind'], part: 'value', message: `There is no such "kind" here.`, hint: null }
  const wanted = Array.isArray(params.type) ? params.type.join(' or ') : String(params.type ?? error.message)
  return { path, part: 'value', message: `This must be of type ${wanted}.`, hint: null }
}

function meant(name: string, known: readonly string[]): string | null {
  const near = didYouMean(name, known)
  return near === null ? null : `Did you mean "${near}"?`
}

/** JSON Pointer (RFC 6901) → steps. */
function pathOf(pointer: string, document: unknown): JsonPath {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  let value = document
  return steps.map((step) => {
    const typed = Array.isArray(value) ? Number(step) : step
    value = (value as Record<string | number, unknown>)[typed]
    return typed
  })
}

function valueAt(document: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], document)
}
