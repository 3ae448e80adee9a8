declare const secret: unique symbol

/** A secret by its name, the value of a header or a part of one. */
export interface SecretName {
  /** Only in types. */
  readonly [secret]: true
}

/** A header: a text, a secret, or one after the other: `['Bearer ', secret('stripe')]`. */
export type ScriptHeader = string | SecretName | readonly (string | SecretName)[]

/** What is sent. */
export interface ScriptRequest {
  readonly headers?: Readonly<Record<string, ScriptHeader>>
  readonly query?: Readonly<Record<string, string | number | boolean>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly text?: string
}

/** What came back, of any status. Secrets that were in it are not any more. */
export interface ScriptResponse {
  readonly status: number
  /** By names in small letters. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The text read as JSON. */
  json(): unknown
}

/** Requests to hosts that the app allows. What cannot be sent or answered is thrown, with the code HTTP. */
export interface ScriptHttpWords {
  get(url: string, request?: ScriptRequest): Promise<ScriptResponse>
  post(url: string, request?: ScriptRequest): Promise<ScriptResponse>
  put(url: string, request?: ScriptRequest): Promise<ScriptResponse>
  patch(url: string, request?: ScriptRequest): Promise<ScriptResponse>
  delete(url: string, request?: ScriptRequest): Promise<ScriptResponse>
}
