import type { ClientBase } from 'pg'
import { type Sql, sql, toText } from '#base'
import { targetCheckName } from '#migrations'
import { builtInField, type Entity, isShared, type Model, targetTenantColumn, tenantColumnOf, toOnesOf } from '#schema'
import type { Carrier } from './carrier.ts'
import { refuseCircles } from './circles.ts'
import { hasDefaultFormulas } from './default-columns.ts'
import { Places } from './places.ts'
import type { PlannedRow } from './plan-seed.ts'
import { namedRefusal } from './refused-row.ts'
import { type CopyTarget, runSql, sendRows } from './send-rows.ts'
import type { Stage } from './stage.ts'
import { mergeStages, stageOf } from './staging.ts'

/** What the writers of all tables share. */
export interface Writing {
  readonly client: ClientBase
  readonly model: Model
  /** Rows may be there already. */
  readonly again: boolean
  readonly carrier: Carrier
  /** Numbers the tables that rows wait in. */
  readonly nextStage: () => number
}

/** Rows that give the same columns, on their way. */
interface Chunk {
  readonly isStaged: boolean
  readonly columns: readonly string[]
  readonly rows: PlannedRow[]
  readonly lines: string[]
}

/** Sends rows. */
export interface TableTask {
  readonly rows: number
  readonly run: () => Promise<void>
}

/**
 * Writes the rows of one table by `copy`: straight into it where nothing can be there, else into tables of their own, from which
 * one statement brings them over when all of a tenant's are there.
 */
export class TableWriter {
  readonly #writing: Writing
  readonly #entity: Entity
  readonly #isStaged: boolean
  readonly #wasEmpty: boolean
  /** Where rows of a seed are the first ones. */
  readonly #places: Places | null
  #chunks = new Map<readonly string[], Chunk>()
  readonly #stages = new Map<readonly string[], Stage>()
  /** Rows in chunks. */
  #held = 0
  #sequence = 0

  private constructor(writing: Writing, entity: Entity, wasEmpty: boolean) {
    this.#writing = writing
    this.#entity = entity
    this.#wasEmpty = wasEmpty
    // Rows of a tenant that was not there are not there either.
    const mayBeThere = writing.again || (!wasEmpty && (tenantColumnOf(entity) === null || isShared(entity)))
    this.#isStaged = mayBeThere || needsStage(entity, writing.model)
    this.#places = this.#isStaged ? null : Places.of(entity, writing.model)
  }

  /** Takes row security and triggers off the table, until {@link close}: row triggers judge callers, and there is none. */
  static async open(writing: Writing, entity: Entity): Promise<TableWriter> {
    const { client } = writing
    await alter(client, entity, sql`no force row level security, disable trigger user`)
    const { rows } = await client.query(toText(sql`select 1 from ${tableOf(entity)} limit 1`))
    return new TableWriter(writing, entity, rows.length === 0)
  }

  get entity(): Entity {
    return this.#entity
  }

  get held(): number {
    return this.#held
  }

  add(given: PlannedRow): void {
    const carried = this.#writing.again ? null : this.#writing.carrier.carried(given)
    const isStaged = this.#isStaged || carried === null
    const row = isStaged ? given : (this.#places?.placed(carried) ?? carried)
    let chunk = this.#chunks.get(row.columns)
    if (chunk === undefined) {
      chunk = { isStaged, columns: row.columns, rows: [], lines: [] }
      this.#chunks.set(row.columns, chunk)
    }
    chunk.rows.push(row)
    chunk.lines.push(isStaged ? `${++this.#sequence}\t${row.text}` : row.text)
    this.#held++
  }

  /** Whether there was no row before, of nobody. */
  get wasEmpty(): boolean {
    return this.#wasEmpty
  }

  /** Whether none of its rows goes straight into the table. */
  get isStaged(): boolean {
    return this.#isStaged
  }

  /** What sends the rows that are held now; where they are staged they wait there. */
  stage(): TableTask {
    const [rows, chunks] = [this.#held, [...this.#chunks.values()]]
    this.#chunks = new Map()
    this.#held = 0
    return {
      rows,
      run: async () => {
        for (const chunk of chunks) await this.#send(chunk)
      },
    }
  }

  /** As {@link stage}, and brings staged rows over: all that the row of a tenant needs is there. */
  complete(): TableTask {
    const { rows, run } = this.stage()
    return {
      rows,
      run: async () => {
        await run()
        if (this.#stages.size > 0) await this.#merge()
      },
    }
  }

  /** Row security and triggers are in force again, and numbers that the seed gave are not given again. @throws OperatorError for circles */
  async close(): Promise<void> {
    const { client } = this.#writing
    await refuseCircles(client, this.#entity)
    await countOn(client, this.#entity)
    await alter(client, this.#entity, sql`force row level security, enable trigger user`)
  }

  async #send({ isStaged, columns, rows, lines }: Chunk): Promise<void> {
    const { client } = this.#writing
    try {
      const target = isStaged ? await this.#stageOf(columns) : { table: tableOf(this.#entity), columns }
      await sendRows(client, target, lines)
    } catch (error) {
      throw namedRefusal(error, this.#writing.model, rows)
    }
  }

  async #stageOf(columns: readonly string[]): Promise<CopyTarget> {
    const known = this.#stages.get(columns)
    if (known !== undefined) return known.target
    const { client, model, nextStage } = this.#writing
    const stage = await stageOf(client, {
      entity: this.#entity,
      columns,
      number: nextStage(),
      later: targetChecks(model, this.#entity),
    })
    this.#stages.set(columns, stage)
    return stage.target
  }

  async #merge(): Promise<void> {
    const { client, model } = this.#writing
    try {
      await mergeStages(client, { model, entity: this.#entity, stages: [...this.#stages.values()] })
    } catch (error) {
      throw namedRefusal(error, model, [])
    }
    this.#stages.clear()
  }
}

/** True where the database must see all rows at once: copies, links that may be there, rows that lead to others of the table. */
function needsStage(entity: Entity, model: Model): boolean {
  const isSelfLed = toOnesOf(entity).some((each) => each.to === entity.name)
  return entity.link !== null || isSelfLed || targetChecks(model, entity).length > 0 || hasDefaultFormulas(entity)
}

/** Checks of an entity's table about whose the rows are that its rows lead to. */
function targetChecks(model: Model, entity: Entity): readonly string[] {
  const entities = new Map(model.entities.map((each) => [each.name, each]))
  return toOnesOf(entity).flatMap((relation) => {
    const column = targetTenantColumn(relation, entities)
    return column === null ? [] : [targetCheckName(column, entity)]
  })
}

async function alter(client: ClientBase, entity: Entity, what: Sql): Promise<void> {
  await client.query(toText(sql`alter table ${tableOf(entity)} ${what}`))
}

function tableOf(entity: Entity): Sql {
  return sql.identifier(entity.schema, entity.table)
}

/** Numbers that the seed gave are not given again. */
async function countOn(client: ClientBase, entity: Entity): Promise<void> {
  const id = builtInField(entity, 'id')
  if (id?.default?.kind !== 'identity') return
  const table = toText(tableOf(entity))
  await runSql(
    client,
    sql`select setval(s.name, greatest(m.highest, 1), m.highest is not null)
      from (select pg_get_serial_sequence(${sql.value(table)}, ${sql.value(id.column)}) as name) s,
        (select max(${sql.identifier(id.column)}) as highest from ${tableOf(entity)}) m
      where s.name is not null`,
  )
}
