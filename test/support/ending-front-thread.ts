import { parentPort } from 'node:worker_threads'

// A front that ends when it is told something for the second time, without an answer.

let told = 0
parentPort!.on('message', () => {
  if (++told === 2) process.exit(1)
})
await import('../../server/front/front-thread.ts')
