import { setImmediate } from 'node:timers/promises'
import { storedFills } from '#migrations'
import { indexModel } from '#policies'
import type { Entity } from '#schema'
import { analyze } from './analyze.ts'
import { type DroppedKey, dropForeignKeys, restoreForeignKeys, targetsOf } from './foreign-keys.ts'
import { holdRules } from './held-rules.ts'
import { inOrderOfKeys, type PlannedRow } from './plan-seed.ts'
import { namedRefusal } from './refused-row.ts'
import { type DroppedIndex, dropSecondaryIndexes, restoreIndexes, takeIndexes } from './secondary-indexes.ts'
import { runSql } from './send-rows.ts'
import { type TableTask, TableWriter, type Writing } from './table-writer.ts'

/** Rows of one table that are sent together. */
const batchRows = 5000
/** Rows of all tables that are held when a tenant is done. */
const heldRows = 20_000
/** The socket gets its turn after so many. */
const restAfter = 500

/**
 * Writes rows as they are made: while Postgres is busy with some, the next ones are made. Rows of a table are sent behind those that
 * they may lead to.
 */
export class SeedWriter {
  readonly #writing: Writing
  readonly #order: readonly Entity[]
  readonly #tables = new Map<Entity, TableWriter>()
  #sending: Promise<void> = Promise.resolve()
  #held = 0
  #rows = 0
  readonly #largeFrom: number
  readonly #keys: DroppedKey[] = []
  readonly #indexes: DroppedIndex[] = []

  /** @param largeFrom number of rows from which on foreign keys and indexes wait until all rows are there */
  constructor(writing: Writing, largeFrom: number) {
    this.#writing = writing
    this.#largeFrom = largeFrom
    this.#order = inOrderOfKeys(writing.model)
  }

  /** Rows that were added. */
  get rows(): number {
    return this.#rows
  }

  /** Entities with rows. */
  get entities(): readonly Entity[] {
    return [...this.#tables.keys()]
  }

  /** Takes a row. Resolves when there is room for the next. */
  async add(row: PlannedRow): Promise<void> {
    const known = this.#tables.get(row.entity)
    const table = known ?? (await this.#open(row.entity))
    table.add(row)
    this.#held++
    if (++this.#rows % restAfter === 0) await setImmediate()
    if (this.#rows === this.#largeFrom) await this.between(() => this.#lighten([...this.#tables.values()]))
    if (table.held >= batchRows) await this.#send(table.isStaged ? [table.stage()] : this.#upTo(row.entity))
  }

  /** Rows that follow are another tenant's. */
  async beginTenant(): Promise<void> {
    if (this.#held >= heldRows) await this.#send(this.#upTo(null))
  }

  /** Runs a task between what was sent and what follows. */
  async between<T>(task: () => Promise<T>): Promise<T> {
    await this.#sending
    return task()
  }

  /**
   * Sends what is left; row security and triggers are in force again.
   *
   * @param last what is still to be done when all rows are there, while the owner of the tables sees them
   */
  async finish(last: () => Promise<void>): Promise<void> {
    await this.#send(this.#upTo(null))
    await this.between(async () => {
      await this.#writing.client.query('set constraints all immediate')
      await this.#fillStored()
      // Foreign keys find their rows by indexes.
      await restoreIndexes(this.#writing.client, this.#indexes)
      await restoreForeignKeys(this.#writing.client, this.#keys)
      await holdRules(this.#writing.client, this.entities, this.#writing.model)
      await last()
      for (const table of this.#tables.values()) await table.close()
    })
  }

  /**
   * Stored formulas follow from all rows at once: the triggers that keep them right are off. Before indexes and foreign keys come back, which each
   * changed row would be brought into and looked at by once more.
   */
  async #fillStored(): Promise<void> {
    const { client, model } = this.#writing
    const index = indexModel(model)
    const written = this.entities.map((entity) => index.entities.get(entity.name)!)
    const counted = new Set<Entity>()
    for (const { entity, reads, sought, statement } of storedFills(written, index)) {
      for (const each of [entity, ...reads]) await this.#see(each)
      await restoreIndexes(client, takeIndexes(this.#indexes, sought))
      // Without numbers of these rows, the planner reads all rows of a tenant for each.
      const uncounted = reads.filter((each) => !counted.has(each))
      await analyze(client, uncounted)
      for (const each of uncounted) counted.add(each)
      await runSql(client, statement).catch((error: unknown) => {
        throw namedRefusal(error, model, [])
      })
    }
    await client.query('set constraints all immediate')
  }

  /** The owner sees rows of tables that are open. */
  async #see({ name }: Entity): Promise<void> {
    const entity = this.#writing.model.entities.find((each) => each.name === name)!
    const isOpen = [...this.#tables.keys()].some((each) => each.name === name)
    if (!isOpen) this.#tables.set(entity, await TableWriter.open(this.#writing, entity))
  }

  async #open(entity: Entity): Promise<TableWriter> {
    const table = await this.between(() => TableWriter.open(this.#writing, entity))
    this.#tables.set(entity, table)
    if (this.#rows >= this.#largeFrom) await this.between(() => this.#lighten([table]))
    return table
  }

  /** Takes foreign keys and indexes off; only of tables that hold nothing but rows of the seed, for at the end Postgres looks at all that is there. */
  async #lighten(tables: readonly TableWriter[]): Promise<void> {
    const { client, model, again } = this.#writing
    // Of adopted tables nothing but the rows is ours to change.
    const mayDrop = ({ entity, wasEmpty }: TableWriter) => wasEmpty && !again && entity.source.kind === 'table'
    const empty = tables.filter(mayDrop).map(({ entity }) => entity)
    if (empty.length === 0) return
    // Postgres alters no table with something still to look at.
    await client.query('set constraints all immediate')
    this.#keys.push(...(await dropForeignKeys(client, empty)))
    this.#indexes.push(...(await dropSecondaryIndexes(client, empty)))
    await client.query('set constraints all deferred')
    // Both sides of a key must be in sight when it comes back.
    for (const target of targetsOf(empty, model.entities))
      if (!this.#tables.has(target)) this.#tables.set(target, await TableWriter.open(this.#writing, target))
  }

  /** What tables hold, each behind those that it refers to, up to that of an entity, whose rows are not all there yet. */
  #upTo(last: Entity | null): readonly TableTask[] {
    const reached = last === null ? this.#order.length : this.#order.indexOf(last)
    const tasks = this.#order.slice(0, reached).flatMap((entity) => this.#tables.get(entity)?.complete() ?? [])
    return last === null ? tasks : [...tasks, this.#tables.get(last)!.stage()]
  }

  /** Waits for what was sent before, not for this. */
  async #send(tasks: readonly TableTask[]): Promise<void> {
    const before = this.#sending
    for (const { rows } of tasks) this.#held -= rows
    this.#sending = before.then(async () => {
      for (const { run } of tasks) await run()
    })
    // Whoever waits for it next is told.
    this.#sending.catch(() => {})
    await before
  }
}
