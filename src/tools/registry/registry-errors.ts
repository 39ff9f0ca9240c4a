/**
 * What goes wrong between the suite and a registry, in the user's words.
 */
import { ActionError } from '../../domain/errors/action-error'
import type { Response } from './registry-transport'

/** Reads an answer; what is not understood is an error, since a proxy may have answered. */
export function understood<T>(read: () => T, response: Response): T {
  try {
    return read()
  } catch (cause) {
    throw new ActionError(
      'registry-failed',
      {
        title: 'The registry gave an answer that is not understood',
        what: `The answer of ${new URL(response.url).host} to GET ${new URL(response.url).pathname} is not what belongs there.`,
        why: 'A proxy may have answered in the place of the registry.',
      },
      { cause },
    )
  }
}

/** The error for a status that is none of those that are expected. */
export function refused(response: Response, registry: string): ActionError {
  const { status } = response
  const { pathname } = new URL(response.url)
  const cause = new Error(`status ${status}: ${response.body.toString('utf8').slice(0, 300)}`)
  if (status === 401 || status === 403) {
    return new ActionError(
      'registry-denied',
      {
        title: 'The registry refused the credentials',
        what: `${registry} answered ${status} to ${pathname}.`,
        why:
          status === 401
            ? 'No credentials were given for this host, or it does not accept them.'
            : 'The account may not do this.',
        hint: 'Give user name and password in the input "registry-auth", or log in in an earlier step of the job.',
      },
      { cause },
    )
  }
  return new ActionError(
    'registry-failed',
    {
      title: 'The registry failed',
      what: `${registry} answered ${status} to ${pathname}.`,
      why: status === 429 ? 'The registry limits the number of requests.' : '',
      hint: 'Run the job again later; if it stays, look at the state of the registry.',
    },
    { cause },
  )
}

/** The error for content that has another digest than it was asked for by. */
export function altered(host: string, wanted: string, found: string): ActionError {
  return new ActionError('registry-failed', {
    title: 'The registry gave something else',
    what: `${host} was asked for ${wanted} and gave content with the digest ${found}.`,
    why: 'A cache or proxy between runner and registry may be broken, or the content was tampered with.',
  })
}

/** The error for more artifacts beside an image than are looked at. */
export function tooMany(name: string, limit: number): ActionError {
  return new ActionError('registry-failed', {
    title: 'Too many artifacts beside an image',
    what: `${name} has more than ${limit} artifacts that refer to it.`,
    hint: 'Remove old signatures and attestations of this digest.',
  })
}
