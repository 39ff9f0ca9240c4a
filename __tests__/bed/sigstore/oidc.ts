import { generateKeyPairSync, sign } from 'node:crypto'
import { startJsonServer } from '../registry/json-server'

/** An OpenID Connect issuer on the loopback. */
export interface OidcIssuer {
  readonly url: string
  /** A token for Sigstore, valid for minutes, with these claims on top of the usual ones. */
  token(claims: Readonly<Record<string, unknown>>): string
  stop(): Promise<void>
}

/** Starts an issuer with a key of its own. Own code: no package that the tests have issues tokens. */
export async function startOidcIssuer(): Promise<OidcIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'test', alg: 'RS256', use: 'sig' }
  const server = await startJsonServer((path) => {
    if (path === '/keys') return { keys: [jwk] }
    return path === '/.well-known/openid-configuration' ? discovery(server.url) : undefined
  })
  return {
    url: server.url,
    token: (claims) => {
      const now = Math.floor(Date.now() / 1000)
      const all = { iss: server.url, aud: 'sigstore', iat: now, nbf: now - 5, exp: now + 300, ...claims }
      const text = [{ alg: 'RS256', kid: 'test', typ: 'JWT' }, all].map(encode).join('.')
      return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
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
