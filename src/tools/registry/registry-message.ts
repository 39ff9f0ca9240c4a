/** What is asked of a registry, and what it answers. */
export interface Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
  /** Another server, of the internet, has named this address. */
  readonly ledBy?: URL
}

export interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Where the answer came from, after redirects. */
  readonly url: string
  /** It came from another origin than was asked: not the registry itself, so neither its words nor its challenges count. */
  readonly isForeign: boolean
  /** The server has an internal address. */
  readonly isInternal: boolean
}

export type Send = (request: Request) => Promise<Response>
