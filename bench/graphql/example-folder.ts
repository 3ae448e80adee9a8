import { join } from 'node:path'

/** The app that is served. */
export const exampleFolder = join(import.meta.dirname, '../../examples/invoicing')
