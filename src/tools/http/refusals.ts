/**
 * What a forge's or mirror's answer means when it is not what was asked for.
 */
import { ActionError } from '../../domain/errors/action-error'
import { retryAfter, TransientError } from './retry'
import type { WebAnswer } from './web'

const PASSING_STATUS = new Set([408, 500, 502, 503, 504])
/** A second more than the server says, for clocks that differ. */
const MARGIN = 1000

/** The error of an answer that is neither success nor 404: a TransientError, or an ActionError. */
export function refusal(address: string, { status, headers }: WebAnswer): Error {
  const { host } = new URL(address)
  if (PASSING_STATUS.has(status)) return new TransientError(`${host} answered with status ${status}`)
  if (status === 429 || isRateLimit(status, headers)) {
    const wait = millisecondsToWait(headers)
    return new TransientError(
      `${host} answered with status ${status}: too many requests`,
      wait === undefined ? {} : { wait },
    )
  }
  if (status === 401 || status === 403) return denied(host, status)
  return new ActionError('download-failed', {
    title: 'A download failed',
    what: `${host} answered with status ${status} to the request for ${new URL(address).pathname}.`,
    hint: 'Open the address by hand. With a mirror, check the input "download-url".',
  })
}

function isRateLimit(status: number, headers: WebAnswer['headers']): boolean {
  return status === 403 && (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0')
}

function millisecondsToWait(headers: WebAnswer['headers']): number | undefined {
  const after = retryAfter(headers['retry-after'])
  if (after !== undefined) return after + MARGIN
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN)
  return reset > 0 ? Math.max(0, reset * 1000 - Date.now()) + MARGIN : undefined
}

function denied(host: string, status: number): ActionError {
  return new ActionError('forge-denied', {
    title: 'The download was refused',
    what: `${host} answered with status ${status}.`,
    why: 'The token may have expired, may be malformed, or may not be used from here; or a proxy refuses the address.',
    hint: 'Give the input "github-token" a valid token, or an empty one to ask without.',
  })
}

/** What a TransientError that did not pass is to the user. */
export function lastingFault(address: string, fault: TransientError): ActionError {
  const { host } = new URL(address)
  if (!/too many requests$/.test(fault.message)) {
    return new ActionError(
      'download-failed',
      {
        title: 'A download failed',
        what: `${host} did not give ${new URL(address).pathname}, although it was asked again and again.`,
        why: 'The server may be down, or the network or a proxy between may be closed.',
        hint: 'Run the job again. For runners without internet see "download-url" in docs/versions.md.',
      },
      { cause: fault },
    )
  }
  const { wait } = fault.limits
  const when = wait === undefined ? '' : ` It takes requests again in ${Math.ceil(wait / 60_000)} minutes.`
  return new ActionError('rate-limited', {
    title: 'Too many requests',
    what: `${host} takes no more requests from this runner for now.${when}`,
    why: 'Requests without a token are counted by address, which many jobs share.',
    hint: 'Pass a token in the input "github-token"; its default, the token of the job, is enough. An exact version whose digest is known here asks no API.',
  })
}
