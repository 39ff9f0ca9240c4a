/**
 * Docker's credential helpers: `docker-credential-NAME get` with the host on standard input.
 */
import * as v from 'valibot'
import type { Environment } from '../../process/environment'
import type { Run } from '../../process/process'
import type { Credentials } from './docker-config'

const answer = v.object({ Username: v.string(), Secret: v.string() })
const HELPER_NAME = /^[A-Za-z0-9_.-]+$/
const TIME_LIMIT = 30_000
/** User name that stands for a refresh token (docker-credential-helpers). */
const TOKEN_USER = '<token>'

/**
 * Asks a helper for a host's credentials; undefined when it has none.
 * Throws when the helper cannot be started or takes too long.
 */
export async function askHelper(
  helper: string,
  key: string,
  env: Environment,
  run: Run,
): Promise<Credentials | undefined> {
  if (!HELPER_NAME.test(helper)) return undefined
  const file = `docker-credential-${helper}`
  const finished = await run({ label: file, file, args: ['get'], env, input: key, timeLimit: TIME_LIMIT })
  if (finished.exitCode !== 0) return undefined
  try {
    const { Username: username, Secret: password } = v.parse(answer, JSON.parse(finished.stdout))
    if (username === '' && password === '') return undefined
    return username === TOKEN_USER ? { username, password: '', identityToken: password } : { username, password }
  } catch {
    return undefined
  }
}
