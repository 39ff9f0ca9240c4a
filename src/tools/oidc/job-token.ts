/**
 * The service of a forge that gives a job its identity token: GitHub's, and whatever speaks like it
 * (docs.github.com, "OpenID Connect reference"). It is asked with a token of its own that the runner has put into the environment.
 */
import * as v from 'valibot'
import { ActionError } from '../../domain/errors/action-error'
import { readBody } from '../http/body'
import { type RetryPolicy, retry, retryAfter, TransientError } from '../http/retry'
import { Web, type WebOptions } from '../http/web'

/** What the runner says in `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
export interface TokenService {
  readonly url: string
  readonly token: string
}

const RETRIES: RetryPolicy = { maxElapsed: 60_000, initialDelay: 500, maxDelay: 10_000 }
/** A token has some kB. */
const LIMIT = 64 * 1024

const answer = v.object({ value: v.pipe(v.string(), v.nonEmpty()) })

/** Asks for a token that is meant for `audience`. Throws an ActionError `oidc-refused` where none is given. */
export async function requestJobToken(
  { url, token }: TokenService,
  audience: string,
  options: Pick<WebOptions, 'environment' | 'cancelled' | 'debug'>,
): Promise<string> {
  const address = new URL(url)
  address.searchParams.set('audience', audience)
  const web = new Web({ ...options, token, tokenFor: [url] })
  const onPause = ({ message }: Error): void => options.debug(`asking for the token of the job again: ${message}`)
  try {
    return await retry({ policy: RETRIES, cancelled: options.cancelled, onPause }, () => ask(web, address))
  } catch (cause) {
    if (options.cancelled.aborted || cause instanceof ActionError) throw cause
    throw refused(address.host, cause)
  } finally {
    await web.close()
  }
}

async function ask(web: Web, address: URL): Promise<string> {
  const { status, headers, body } = await web.get(address.href, { accept: 'application/json' })
  const bytes = await readBody(body, headers['content-encoding'], LIMIT).catch((cause: unknown) => {
    throw new TransientError(`${address.host}: ${cause instanceof Error ? cause.message : cause}`)
  })
  if (status === 429 || status >= 500) {
    const wait = retryAfter(headers['retry-after'])
    throw new TransientError(`${address.host} answered ${status}`, wait === undefined ? {} : { wait })
  }
  if (status !== 200) throw new Error(`${address.host} answered ${status}`)
  const read = v.safeParse(answer, parse(bytes))
  if (!read.success) throw new Error(`${address.host} answered something that is no token`)
  return read.output.value
}

/** Undefined where it is no JSON; what it holds must not get into a message. */
function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

function refused(host: string, cause: unknown): ActionError {
  return new ActionError(
    'oidc-refused',
    {
      title: 'The forge gives no identity token',
      what: `${host} was asked for the identity token of this job, and gave none.`,
      why: 'Signing without a key needs it: it proves to the certificate authority which workflow this is.',
      hint: 'Check that the job has permissions: id-token: write, and run it again.',
    },
    { cause },
  )
}
