export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  findEmbeddedPostgres,
  openEmbeddedPostgres,
} from './open-embedded-postgres.ts'
