import { generateKeyPairSync } from 'node:crypto'
import { type CosignKey, pemKey } from '../../bed/sigstore/keys'
import type { GithubContext } from '../../runner/types'

/** Key pairs whose passwords are `right` and `left`, and a certificate. */
export interface TestKeys {
  readonly key: CosignKey
  readonly other: CosignKey
  readonly certificate: string
}

/** One call of sign that must be refused. */
export interface BadInput {
  /** In place of good ones; `{host}` is the registry. */
  readonly inputs: Record<string, string>
  readonly title: string
  /** What the message says besides. */
  readonly says: RegExp
  readonly github?: GithubContext
}

function ecKey(namedCurve: string): string {
  return generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function rsaKey(modulusLength: number): string {
  return generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

const fork: GithubContext = {
  event_name: 'pull_request',
  event: {
    pull_request: { head: { repo: { full_name: 'mallory/app' } }, base: { repo: { full_name: 'octo-org/app' } } },
  },
}
const auth = (fields: string) => `- registry: '{host}'\n  username: me\n  ${fields}`

/** Bad inputs by what is wrong with them; a key is made only when it is asked for. */
export const bad: Record<string, (keys: TestKeys) => BadInput> = {
  'no image': () => ({ inputs: { image: ' ' }, title: 'Input "image" is missing', says: /"image" is empty/ }),
  'an option as image': () => ({ inputs: { image: '--all' }, title: 'Input "image" is not an image', says: /"--all"/ }),
  'an image that is not here': () => ({
    inputs: { image: 'nowhere:1' },
    title: 'The image is not on this runner',
    says: /"nowhere:1"[\s\S]*finch build/,
  }),
  'no tags': () => ({ inputs: { tags: '# none\n' }, title: 'Input "tags" is missing', says: /"tags" is empty/ }),
  'a bad reference': () => ({
    inputs: { tags: '{host}/App:1' },
    title: 'Not an image reference',
    says: /\/App:1" is not.*lower case/,
  }),
  'a scheme in a reference': () => ({
    inputs: { tags: 'https://{host}/app:1' },
    title: 'Not an image reference',
    says: /scheme/,
  }),
  'a digest in tags': () => ({
    inputs: { tags: `{host}/app@sha256:${'0'.repeat(64)}` },
    title: 'Input "tags" holds a digest',
    says: /from the @ on/,
  }),
  'an unknown choice': () => ({
    inputs: { publish: 'nuclear' },
    title: 'Input "publish" is not valid',
    says: /"nuclear"[\s\S]*atomic, finch/,
  }),
  'an unknown format': () => ({
    inputs: { 'signature-format': 'pgp' },
    title: 'Input "signature-format" is not valid',
    says: /auto, bundle, legacy, both/,
  }),
  'no boolean': () => ({
    inputs: { 'dry-run': 'yes' },
    title: 'Input "dry-run" is not valid',
    says: /"yes"[\s\S]*true or false/,
  }),
  'no duration': () => ({ inputs: { timeout: '10' }, title: 'Input "timeout" is not valid', says: /"10"[\s\S]*90s/ }),
  'an annotation without value': () => ({
    inputs: { annotations: 'build' },
    title: 'Input "annotations" is not valid',
    says: /name=value/,
  }),
  'an annotation that cosign cannot sign': () => ({
    inputs: { annotations: 'query=a=b' },
    title: 'Input "annotations" is not valid',
    says: /no value with a = in it/,
  }),
  'both formats by finch itself': () => ({
    inputs: { publish: 'finch', 'signature-format': 'both' },
    title: 'These inputs do not go together',
    says: /publish: atomic/,
  }),
  'a version that is none': () => ({
    inputs: { 'cosign-version': 'newest' },
    title: 'Input "cosign-version" is not valid',
    says: /"newest"/,
  }),
  'a wrong password': () => ({
    inputs: { 'key-password': 'wrong' },
    title: 'The password does not open the key',
    says: /"key-password"/,
  }),
  'a password with a space behind it': () => ({
    inputs: { 'key-password': 'right ' },
    title: 'The password does not open the key',
    says: /line feed or quotes/,
  }),
  'too many passwords': () => ({
    inputs: { 'key-password': 'right\nleft' },
    title: 'The number of passwords does not match the keys',
    says: /has 2 lines, and 1 of the keys/,
  }),
  'too few passwords': ({ key, other }) => ({
    inputs: { key: `${key.privatePem}${other.privatePem}`, 'key-password': 'right' },
    title: 'The password does not open the key',
    says: /"key"/,
  }),
  'a public key': ({ key }) => ({
    inputs: { key: key.publicPem },
    title: 'Input "key" holds a public key',
    says: /needs a private key/,
  }),
  'a private key as public-key': ({ key }) => ({
    inputs: { 'public-key': key.privatePem },
    title: 'Input "public-key" holds a private key',
    says: /needs a public key/,
  }),
  'half a key': ({ key }) => ({
    inputs: { key: key.privatePem.slice(0, 300) },
    title: 'Input "key" is a damaged key',
    says: /without the -----END/,
  }),
  'a key with a hole': ({ key }) => ({
    inputs: { key: key.privatePem.replace(/\n.{64}\n/, '\n') },
    title: 'Input "key" is a damaged key',
    says: /gh secret set/,
  }),
  'a key without its first line': ({ key }) => ({
    inputs: { key: key.privatePem.replace(/^.*\n/, '') },
    title: 'Input "key" lacks the first and last line of its key',
    says: /-----BEGIN|gh secret set/,
  }),
  'a certificate': ({ certificate }) => ({
    inputs: { key: certificate },
    title: 'Input "key" is not a key',
    says: /kind CERTIFICATE/,
  }),
  'an Ed25519 key': () => ({
    inputs: { key: pemKey('ed25519').privatePem },
    title: 'Input "key" has a type of key that cannot be used',
    says: /Ed25519[\s\S]*P-256/,
  }),
  'a secp256k1 key': () => ({
    inputs: { key: ecKey('secp256k1') },
    title: 'Input "key" has a type of key that cannot be used',
    says: /secp256k1/,
  }),
  'RSA with 1024 bits': () => ({
    inputs: { key: rsaKey(1024) },
    title: 'Input "key" has a type of key that cannot be used',
    says: /RSA with 1024 bits[\s\S]*2048/,
  }),
  'a key file that is not there': () => ({
    inputs: { key: 'keys/cosign.key' },
    title: 'The key cannot be read',
    says: /the file keys\/cosign\.key/,
  }),
  'a variable that is not set': () => ({
    inputs: { key: 'env://NOBODY' },
    title: 'The key cannot be read',
    says: /env:\/\/NOBODY/,
  }),
  'an unknown kind of key': () => ({
    inputs: { key: 'pkcs11:token' },
    title: 'Input "key" is not a key',
    says: /key/,
  }),
  'no key': () => ({ inputs: { key: '' }, title: 'Input "key" is missing', says: /name of the secret/ }),
  'no key, from a fork': () => ({
    inputs: { key: '' },
    github: fork,
    title: 'This workflow has no secrets',
    says: /comes from a fork/,
  }),
  'a variable that is not set, from a fork': () => ({
    inputs: { key: 'env://NOBODY' },
    github: fork,
    title: 'This workflow has no secrets',
    says: /NOBODY, which the input "key" names, is empty[\s\S]*comes from a fork/,
  }),
  'no key, by Dependabot': () => ({
    inputs: { key: '' },
    github: { actor: 'dependabot[bot]' },
    title: 'This workflow has no secrets',
    says: /Dependabot/,
  }),
  'registry-auth that is no list': () => ({
    inputs: { 'registry-auth': 'user: me' },
    title: 'Input "registry-auth" is not valid',
    says: /not a list/,
  }),
  'registry-auth with an unknown field': () => ({
    inputs: { 'registry-auth': auth('password: tiger-lily-9\n  token: x') },
    title: 'Input "registry-auth" is not valid',
    says: /entry 1 has a field "token"/,
  }),
  'registry-auth without a password': () => ({
    inputs: { 'registry-auth': auth('') },
    title: 'Input "registry-auth" is not valid',
    says: /entry 1 has no valid "password"/,
  }),
  'registry-auth for another host': () => ({
    inputs: { 'registry-auth': '- {registry: ghcr.io, username: me, password: tiger-lily-9}' },
    title: 'Input "registry-auth" names an unused registry',
    says: /ghcr\.io[\s\S]*localhost/,
  }),
  'registry-auth with login: none': () => ({
    inputs: { login: 'none', 'registry-auth': auth('password: tiger-lily-9') },
    title: 'These inputs do not go together',
    says: /"login: none"/,
  }),
  'an image and a compose file': () => ({
    inputs: { 'compose-file': 'compose.yaml' },
    title: 'These inputs do not go together',
    says: /"compose-file" was given together with "image" and "tags"/,
  }),
  'services without a compose file': () => ({
    inputs: { 'compose-services': 'web' },
    title: 'These inputs do not go together',
    says: /"compose-services" was given without "compose-file"/,
  }),
  'a build without a compose file': () => ({
    inputs: { 'compose-build': 'true' },
    title: 'These inputs do not go together',
    says: /"compose-build" was given without "compose-file"/,
  }),
  'a platform that is none': () => ({
    inputs: { platforms: 'arm64' },
    title: 'Input "platforms" is not valid',
    says: /"arm64"[\s\S]*linux\/arm64/,
  }),
}
