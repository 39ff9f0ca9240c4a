/**
 * What goes wrong between the suite and a registry, in the user's words. Of what a server said only the codes and messages
 * of a registry's own error reach a message: a log may be public, and the server may be none that the user has named.
 */
import * as v from 'valibot'
import { ActionError, type ErrorText } from '../../domain/errors/action-error'
import { OldManifest } from '../../domain/image/manifest'
import type { Response } from './registry-message'

const errorAnswer = v.object({
  errors: v.array(v.object({ code: v.optional(v.string()), message: v.optional(v.string()) })),
})

/** Reads an answer; what is not understood is an error, since a proxy may have answered. */
export function understood<T>(read: () => T, response: Response): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof OldManifest) throw schema1(response, cause)
    const { host, pathname } = new URL(response.url)
    throw new ActionError(
      'registry-failed',
      {
        title: 'The registry gave an answer that is not understood',
        what: `The answer of ${host} to GET ${pathname} is not what belongs there.`,
        why: 'A proxy may have answered in the place of the registry.',
      },
      { cause: withoutContent(cause) },
    )
  }
}

/** The messages of parsers repeat what they could not read. */
function withoutContent(cause: unknown): unknown {
  if (cause instanceof SyntaxError) return new Error('it is not JSON')
  return v.isValiError(cause) ? new Error(`the field ${v.getDotPath(cause.issues[0]) ?? '?'} is not valid`) : cause
}

function schema1(response: Response, cause: unknown): ActionError {
  const { host, pathname } = new URL(response.url)
  return new ActionError(
    'image-unsupported',
    {
      title: 'The image has an outdated form',
      what: `${host} gave a manifest of schema version 1 for ${pathname}.`,
      why: "Such images were made by Docker before 2016. Their digest does not cover them as signatures need it, and today's tools cannot pull them.",
      hint: 'Build or push the image again with a tool of today.',
    },
    { cause },
  )
}

/** The error for a status that is none of those that are expected. */
export function refused(response: Response, registry: string): ActionError {
  const { status, url } = response
  const { host, pathname } = new URL(url)
  const cause = new Error([`status ${status}`, ownWords(response)].filter(Boolean).join(': '))
  const where = response.isForeign ? ` (redirected to ${host})` : ''
  const what = `${registry} answered ${status} to ${pathname}${where}.`
  const text = status === 401 || status === 403 ? denied(status, what) : failed(response, what)
  return new ActionError(status === 401 || status === 403 ? 'registry-denied' : 'registry-failed', text, { cause })
}

function denied(status: number, what: string): ErrorText {
  return {
    title: 'The registry refused the credentials',
    what,
    why:
      status === 401
        ? 'No credentials were given for this host, or it does not accept them.'
        : 'The account may not do this.',
    hint: 'Give user name and password in the input "registry-auth", or log in in an earlier step of the job.',
  }
}

function failed({ status, headers }: Response, what: string): ErrorText {
  const later =
    headers['retry-after'] === undefined
      ? ''
      : ` It asks to come back later (Retry-After: ${headers['retry-after'].slice(0, 40)}).`
  return {
    title: 'The registry failed',
    what,
    why: status === 429 ? `The registry limits the number of requests.${later}` : later.trim(),
    hint: 'Run the job again later; if it stays, look at the state of the registry.',
  }
}

/** What the registry itself says of an error (OCI distribution specification); nothing of any other answer. */
function ownWords({ body, isForeign }: Response): string {
  if (isForeign) return ''
  try {
    const { errors } = v.parse(errorAnswer, JSON.parse(body.toString('utf8')))
    return errors
      .map(({ code, message }) => [code, message].filter(Boolean).join(' '))
      .join('; ')
      .slice(0, 300)
  } catch {
    return ''
  }
}

/** The error for content that has another digest than it was asked for by. */
export function altered(host: string, wanted: string, found: string): ActionError {
  return new ActionError('registry-failed', {
    title: 'The registry gave something else',
    what: `${host} was asked for ${wanted} and gave content with the digest ${found}.`,
    why: 'A cache or proxy between runner and registry may be broken, or the content was tampered with.',
  })
}

/** The error for more signatures of an image than are looked at. */
export function tooMany(name: string, limit: number): ActionError {
  return new ActionError('registry-failed', {
    title: 'Too many artifacts beside an image',
    what: `${name} has more than ${limit} signatures and attestations, or a list of artifacts without end.`,
    hint: 'Remove old signatures and attestations of this digest.',
  })
}

/** The error for a host that cannot be asked. */
export function unreachable(request: { readonly method: string; readonly url: string }, cause: unknown): ActionError {
  const url = new URL(request.url)
  return new ActionError(
    'registry-unreachable',
    {
      title: 'The registry cannot be reached',
      what: `${url.host} gave no usable answer to ${request.method} ${url.pathname}.`,
      why: 'The host name may be wrong, the registry down, its certificate unknown, or the network closed.',
      hint: `Try it by hand on the same runner: curl -v ${url.origin}/v2/`,
    },
    { cause },
  )
}

/** The error for an address that a server led to and that is not asked. */
export function redirectRefused(url: string, cause: Error): ActionError {
  return new ActionError(
    'registry-failed',
    {
      title: 'The registry leads to where it must not',
      what: `The answer of ${new URL(url).host} was not followed: ${cause.message}.`,
      why: 'A registry must not lead from an encrypted connection to a plain one, nor from the internet into an internal network.',
      hint: 'Check the name of the registry, and the addresses that it gives out.',
    },
    { cause },
  )
}

/** True where the registry has refused (401, 403). */
export function isRefusal(error: unknown): boolean {
  return error instanceof ActionError && error.code === 'registry-denied'
}

/** Undefined for a refusal; anything else is thrown. For a look that is a hint: some registries refuse what is not there. */
export function asUnseen(error: unknown): undefined {
  if (isRefusal(error)) return undefined
  throw error
}
