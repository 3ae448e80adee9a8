export { type EmbeddedLook, lookAtEmbedded } from './look-at-embedded.ts'
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  findEmbeddedPostgres,
  openEmbeddedPostgres,
} from './open-embedded-postgres.ts'
