import { didYouMean } from '#base'
import type { AppConfig } from './app-config.ts'
import { defaultLimits, defaultOperationLimits, type LimitSettings, type OperationLimits } from './limits.ts'
import type { Complain } from './read-settings.ts'

/** Least and most that a limit may be. */
export type Range = readonly [number, number]

const operationRanges: Readonly<Record<keyof OperationLimits, Range>> = {
  maxDepth: [1, 500],
  maxFields: [1, 100_000],
  maxAliases: [0, 100_000],
  maxDirectives: [0, 100_000],
  maxTokens: [10, 1_000_000],
  maxDefinitions: [1, 100_000],
  maxVariables: [0, 100_000],
  maxInputDepth: [1, 500],
  maxListItems: [1, 1_000_000],
  maxConditions: [0, 100_000],
  maxSearches: [0, 10_000],
  maxRows: [1, 1_000_000_000_000],
  pageSize: [1, 100_000],
  maxPageSize: [1, 100_000],
}

/** Limits that are the same for everybody. */
type OwnLimits = Omit<LimitSettings, 'operation' | 'roles' | 'visitors'>

const ownRanges: Readonly<Record<keyof OwnLimits, Range>> = {
  maxBodyBytes: [1_024, 1_073_741_824],
  bodyTimeoutMs: [100, 3_600_000],
  maxBatch: [0, 1_000],
  maxSockets: [0, 1_000_000],
  maxSocketsPerAddress: [1, 1_000_000],
  maxSocketOperations: [1, 10_000],
  // Postgres keeps none for longer.
  idempotencyHours: [1, 720],
}

/** The limits of requests, defaults where the app says nothing. */
export function readLimits({ limits = {} }: AppConfig, complain: Complain): LimitSettings {
  if (!isObject(limits)) {
    complain('limits is no object.')
    return defaultLimits
  }
  const { roles = {}, visitors = {}, ...own } = limits
  const ranges = { ...operationRanges, ...ownRanges }
  const given = readNumbers(own, { at: 'limits', ranges }, complain)
  const settings: LimitSettings = {
    ...valuesOf(defaultLimits, given, ownRanges),
    operation: valuesOf(defaultOperationLimits, given, operationRanges),
    roles: readRoles(roles, complain),
    visitors: readNumbers(visitors, { at: 'limits.visitors', ranges: operationRanges }, complain),
  }
  checkPages(settings, complain)
  return settings
}

/** Those that have a range: as given, else as they are by default. */
function valuesOf<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
  given: Partial<Readonly<Record<Name, number>>>,
  ranges: Readonly<Record<Name, Range>>,
): Record<Name, number> {
  const names = Object.keys(ranges) as Name[]
  return Object.fromEntries(names.map((name) => [name, given[name] ?? defaults[name]])) as Record<Name, number>
}

function readRoles(roles: unknown, complain: Complain): LimitSettings['roles'] {
  if (!isObject(roles)) {
    complain('limits.roles is no object: say limits by the name of a role.')
    return {}
  }
  const read = (role: string, given: unknown) =>
    readNumbers(given, { at: `limits.roles.${role}`, ranges: operationRanges }, complain)
  return Object.fromEntries(Object.entries(roles).map(([role, given]) => [role, read(role, given)]))
}

/** Numbers that a config may say. */
export interface Numbers<Name extends string> {
  /** Where they stand, for complaints. */
  readonly at: string
  readonly ranges: Readonly<Record<Name, Range>>
}

/** Whole numbers in their ranges; complains about each other one, and about names that are none. */
export function readNumbers<Name extends string>(
  given: unknown,
  { at, ranges }: Numbers<Name>,
  complain: Complain,
): Partial<Record<Name, number>> {
  if (!isObject(given)) {
    complain(`${at} is no object.`)
    return {}
  }
  const read: Partial<Record<Name, number>> = {}
  for (const [name, value] of Object.entries(given)) {
    const range = Object.hasOwn(ranges, name) ? ranges[name as Name] : null
    if (range === null) complain(`${at}.${name} is no limit.${meant(name, Object.keys(ranges))}`)
    else if (isWithin(value, range)) read[name as Name] = value
    else if (value !== undefined)
      complain(`${at}.${name} is ${JSON.stringify(value)}: say a whole number from ${range[0]} to ${range[1]}.`)
  }
  return read
}

/** A page that nobody asked for must not be refused. */
function checkPages({ operation, roles, visitors }: LimitSettings, complain: Complain): void {
  const sets = [['limits', {}], ['limits.visitors', visitors], ...rolesAt(roles)] as const
  for (const [at, own] of sets) {
    const { pageSize, maxPageSize }: OperationLimits = { ...operation, ...own }
    if (pageSize > maxPageSize) complain(`${at}: pageSize is ${pageSize}, more than maxPageSize, ${maxPageSize}.`)
  }
}

function rolesAt(roles: LimitSettings['roles']): readonly (readonly [string, Partial<OperationLimits>])[] {
  return Object.entries(roles).map(([role, own]) => [`limits.roles.${role}`, own])
}

function isWithin(value: unknown, [from, to]: Range): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function meant(name: string, known: readonly string[]): string {
  const suggestion = didYouMean(name, known)
  return suggestion === null ? '' : ` Did you mean "${suggestion}"?`
}
