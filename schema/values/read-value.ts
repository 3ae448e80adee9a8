import type { Json } from '#base'
import { isPlainObject } from '../complete/options.ts'
import type { FieldType, ShapePart } from '../model/model.ts'
import { base64Fault } from './base64.ts'
import { exactScalar } from './exact-scalar.ts'
import { limitFault } from './limit-fault.ts'
import { plainJsonFault } from './plain-json-fault.ts'

/** A value as it is stored, or what is wrong with it and where: ``{ at: ['street'], fault: 'must be a text' }``. */
export type Value =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly at: readonly (string | number)[]; readonly fault: string }

/**
 * Reads a value of a field with everything inside of it, limits included; the normal form is what the database stores.
 * Amounts, wide integers, days and instants are texts, so that no digit is lost inside of JSON either.
 */
export function readValue(type: FieldType, given: unknown): Value {
  switch (type.kind) {
    case 'list':
      return readList(type, given)
    case 'shape':
      return readShape(type.parts, given)
    case 'dict':
      return readDict(type, given)
    case 'base64': {
      const fault = base64Fault(given, type.maxBytes)
      return fault === null ? { ok: true, value: given as string } : wrong(fault)
    }
    default:
      return readOne(type, given)
  }
}

function readOne(type: FieldType, given: unknown): Value {
  if (typeof given === 'string' && given.includes('\0')) return wrong('holds a NUL character')
  const scalar = exactScalar(type, given)
  if (!scalar.ok) return wrong(`must be ${scalar.wanted}`)
  const fault = limitFault(type, scalar.value)
  return fault === null ? { ok: true, value: scalar.value } : wrong(fault)
}

function readList(type: Extract<FieldType, { kind: 'list' }>, given: unknown): Value {
  if (!Array.isArray(given)) return wrong('must be a list')
  if (type.min !== null && given.length < type.min) return wrong(`has fewer elements than "min" ${type.min}`)
  if (type.max !== null && given.length > type.max) return wrong(`has more elements than "max" ${type.max}`)
  const values: Json[] = []
  for (const [index, element] of given.entries()) {
    const value = readValue(type.of, element)
    if (!value.ok) return inside(index, value)
    values.push(value.value)
  }
  return { ok: true, value: values }
}

/** Every part is in the stored value; optional ones without a value are null. */
function readShape(parts: readonly ShapePart[], given: unknown): Value {
  if (!isPlainObject(given)) return wrong('must be an object')
  const known = new Set(parts.map(({ name }) => name))
  const unknown = Object.keys(given).find((key) => !known.has(key))
  if (unknown !== undefined) return { ok: false, at: [unknown], fault: 'is no part of this shape' }
  const values: [string, Json][] = []
  for (const { name, type, optional } of parts) {
    const part = Object.hasOwn(given, name) ? given[name] : undefined
    if (part === undefined || part === null) {
      if (!optional) return { ok: false, at: [name], fault: 'is required' }
      values.push([name, null])
      continue
    }
    const value = readValue(type, part)
    if (!value.ok) return inside(name, value)
    values.push([name, value.value])
  }
  return { ok: true, value: Object.fromEntries(values) }
}

function readDict(type: Extract<FieldType, { kind: 'dict' }>, given: unknown): Value {
  if (!isPlainObject(given)) return wrong('must be an object')
  const entries = Object.entries(given)
  if (type.max !== null && entries.length > type.max) return wrong(`has more keys than "max" ${type.max}`)
  const fault = plainJsonFault(type.values === null ? given : Object.keys(given))
  if (fault !== null) return wrong(fault)
  if (type.values === null) return { ok: true, value: given as Json }
  const values: [string, Json][] = []
  for (const [key, each] of entries) {
    const value = readValue(type.values, each)
    if (!value.ok) return inside(key, value)
    values.push([key, value.value])
  }
  return { ok: true, value: Object.fromEntries(values) }
}

function wrong(fault: string): Value {
  return { ok: false, at: [], fault }
}

function inside(place: string | number, value: Extract<Value, { ok: false }>): Value {
  return { ...value, at: [place, ...value.at] }
}
