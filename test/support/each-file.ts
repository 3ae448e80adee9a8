import { beginFile } from './after-this-file.ts'

beginFile()
