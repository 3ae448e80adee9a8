export { type DevKeys, loadDevKeys } from './auth/dev-keys.ts'
export { type DevTokenSubject, signDevToken } from './auth/sign-dev-token.ts'
export type { TokenSource } from './auth/verify-token.ts'
export { type Bodies, loadBodies } from './bodies/load-bodies.ts'
export {
  type AppConfig,
  type AuthSettings,
  appName,
  type CorsSettings,
  type DatabaseSettings,
  type DocumentSettings,
  defaultLimits,
  defineConfig,
  type Environment,
  type LimitSettings,
  loadConfig,
  type OperationLimits,
  type Person,
  type Purpose,
  readSettings,
  type Settings,
  validSettings,
} from './config.ts'
export { Front } from './front/front.ts'
export { PendingAnswers } from './front/pending-answers.ts'
export { receivedError, type SentError, sentError } from './front/sent-error.ts'
export { printModelSdl, printSdlAround } from './graphql/lazy-sdl.ts'
export { apiHash } from './http/api-shape.ts'
export { limitRefusalOf, loadTrustedDocuments } from './http/documents/lazy-documents.ts'
export { readManifest } from './http/documents/read-manifest.ts'
export { loadHttpServer, startHttpServer } from './http/lazy-http-server.ts'
export { type Log, type LogEvent, scriptLineText } from './http/log-event.ts'
export type { HttpServer, HttpServerOptions } from './http/start-http-server.ts'
export type { ShownPerson, ShownProblem, WorkshopState } from './http/workshop/workshop-state.ts'
export { type AppRunner, type AppRunnerOptions, startAppRunner } from './jobs/app-runner.ts'
export { errorText, type JobEvent } from './jobs/job-runner.ts'
export { loadWork, type Work } from './jobs/load-work.ts'
export { Sweeper, type SweeperOptions, type Swept } from './jobs/sweeper.ts'
export { type BootProblem, bootError } from './postgres/boot-checks/boot-problem.ts'
export { type VerifyOptions, verifyDatabase } from './postgres/boot-checks/verify-database.ts'
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  findEmbeddedPostgres,
  lookAtEmbedded,
  openEmbeddedPostgres,
} from './postgres/embedded/index.ts'
export { secretKeysOf } from './secrets/dev-secret-keys.ts'
export { checkSecretKeys, encryptedSecret } from './secrets/seal-secret.ts'
export { readSecretKeys, type SecretKeys } from './secrets/secret-keys.ts'
export type {
  Seed,
  SeedData,
  SeedRow,
  SeedRowStreams,
  SeedRows,
  SeedSize,
  SeedStream,
  SeedTenant,
  SeedTenantStream,
  SeedValue,
} from './seed/define-seed.ts'
export { loadSeed, openSeed } from './seed/load-seed.ts'
export { runSeed, type SeedOptions, type SeedOutcome } from './seed/run-seed.ts'
export { stableId } from './seed/stable-id.ts'
