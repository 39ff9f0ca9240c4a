import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { startJsonServer } from '../registry/json-server'

/** An OpenID Connect issuer on the loopback. */
export interface OidcIssuer {
  /** As a GitHub Enterprise Server has it: below the address of its forge. */
  readonly url: string
  /** What `GITHUB_SERVER_URL` is on such a forge. */
  readonly forge: string
  /** A token for Sigstore, valid for minutes, with these claims on top of the usual ones. */
  token(claims: Readonly<Record<string, unknown>>): string
  /**
   * The variables by which a job asks for a token with these claims, as GitHub's runner sets them. The audience is what the job asks for.
   */
  service(claims: Readonly<Record<string, unknown>>): TokenService
  stop(): Promise<void>
}

/** What a job gets its tokens from. */
export interface TokenService {
  readonly env: { readonly ACTIONS_ID_TOKEN_REQUEST_URL: string; readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string }
  /** The tokens that it has given. */
  readonly given: readonly string[]
}

const ISSUER = '/_services/token'

/** Starts an issuer with a key of its own. Own code: no package that the tests have issues tokens. */
export async function startOidcIssuer(): Promise<OidcIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'test', alg: 'RS256', use: 'sig' }
  const services = new Map<string, { readonly claims: object; readonly given: string[] }>()
  const server = await startJsonServer((path, _, { authorization }) => {
    const service = services.get(authorization ?? '')
    if (path.startsWith('/job-token?') && service !== undefined) {
      const audience = new URL(path, server.url).searchParams.get('audience') ?? 'https://github.com/octo-org'
      const value = token({ aud: audience, ...service.claims })
      service.given.push(value)
      return { count: value.length, value }
    }
    if (path === `${ISSUER}/keys`) return { keys: [jwk] }
    return path === `${ISSUER}/.well-known/openid-configuration` ? discovery(`${server.url}${ISSUER}`) : undefined
  })
  const issuer = `${server.url}${ISSUER}`
  const token = (claims: object): string => {
    const now = Math.floor(Date.now() / 1000)
    const all = { iss: issuer, aud: 'sigstore', iat: now, nbf: now - 5, exp: now + 300, ...claims }
    const text = [{ alg: 'RS256', kid: 'test', typ: 'JWT' }, all].map(encode).join('.')
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
  }
  return {
    url: issuer,
    forge: server.url,
    token,
    service: (claims) => {
      const secret = `request-token-${randomBytes(16).toString('hex')}`
      const given: string[] = []
      services.set(`Bearer ${secret}`, { claims, given })
      const url = `${server.url}/job-token?api-version=2.0`
      return { env: { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret }, given }
    },
    stop: server.stop,
  }
}

function discovery(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
