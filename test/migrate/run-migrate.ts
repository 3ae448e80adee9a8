import { migrate } from '#migrations'

// A run of the migrations in a process of its own, for tests that kill it.
await migrate(JSON.parse(process.argv[2]!))
