import { getOperationAST, parse } from 'graphql'
import { OperatorError } from '#base'
import { loadTrustedDocuments, readManifest, readSettings } from '#server'
import { loadApp } from '../app/load-app.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Session } from '../session.ts'
import { documentChecker } from './problems-of.ts'

/**
 * Says which trusted documents the API of an app no longer answers: front ends that are deployed would break.
 *
 * @throws OperatorError DOCUMENTS_UNREADABLE, DOCUMENTS_INVALID
 */
export async function runCheckDocuments(folder: string, session: Session): Promise<void> {
  const app = await loadApp(folder, session)
  const { documents, limits } = await readSettings({
    ...{ folder: app.folder, purpose: 'check', environment: session.environment },
  })
  if (documents === null) throw new OperatorError('DOCUMENTS_UNREADABLE', without, hint)
  // Says of each what cannot be read of it.
  await loadTrustedDocuments(documents)
  const faultsOf = await documentChecker(app.model, limits)
  const manifests = await Promise.all(documents.files.map(readManifest))
  const texts = new Map(manifests.flatMap((manifest) => [...manifest]))
  const lines = [...texts].flatMap(([id, text]) => {
    const document = parse(text)
    const name = getOperationAST(document)?.name?.value ?? 'a document without a name'
    return faultsOf(document).map(({ message }) => `${name} (${id.slice(0, 12)})  ${message}`)
  })
  if (lines.length === 0) return session.terminal.print(`All ${texts.size} trusted documents fit the API.`)
  session.terminal.say(`${lines.join('\n')}\n\nFront ends that send these would be refused.`)
  session.exitCode = exitCodes.app
}

const without = 'The app has no trusted documents.'
const hint = 'Say "documents: { files: [\'documents.json\'] }" in "rowhouse.config.ts".'
