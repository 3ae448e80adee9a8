export { sql } from '#base'
export { type Queryable, readRows } from '#migrations'
