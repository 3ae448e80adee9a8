export { main } from './run.ts'
