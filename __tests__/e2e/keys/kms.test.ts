/**
 * Keys in a KMS other than AWS's: HashiCorp Vault's transit engine by a fake that really signs (bed/vault.ts); Google and Azure by a stand-in for cosign that signs with a local key and records what it was given.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type KeyType, startVault, type Vault } from '../../bed/aws/vault'
import type { Finch, RecordedCall } from '../../bed/machine/finch'
import { claimsByHand, fingerprintOf, imagesOf, ownTags, SIGN_CLAIM, titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

let bench: Workbench
let vault: Vault
let publicPem: string
let publicFile: string
let host: string

beforeAll(async () => {
  bench = await startWorkbench({ record: true })
  host = bench.bed.registry.name
  const dir = join(bench.bed.dir, 'vault')
  await mkdir(dir)
  vault = await startVault(dir)
  publicPem = await vault.createKey('release')
  publicFile = join(dir, 'release.pub')
  await writeFile(publicFile, publicPem)
  await bench.bed.makeImage({ name: 'kms:1', marker: 'kms' })
}, 40 * 60_000)

afterAll(async () => {
  await vault?.stop()
  await bench?.stop()
}, 60_000)

const texts = (run: Parameters<typeof told>[0]): string =>
  told(run, 'error')
    .map(({ title, message }) => `${title}\n${message}`)
    .join('\n')

describe("a fake of the transit engine of HashiCorp's Vault", () => {
  const sign = (name: string, env: Record<string, string>, key = 'hashivault://release') =>
    bench.sign(
      { image: 'kms:1', tags: `${host}/${name}:1`, key },
      {
        env: { VAULT_ADDR: vault.address, ...env },
        secrets: [vault.adminToken, vault.readerToken],
      },
    )

  test('signs, again adds nothing, and a reader verifies', async () => {
    const run = await sign('vault', { VAULT_TOKEN: vault.adminToken })
    expect(titles(run)).toEqual([])
    expect(run.outputs['key-fingerprint']).toBe(fingerprintOf(publicPem))
    expect(await claimsByHand(bench.bed, `${host}/vault:1`, { publicFile })).toEqual([
      `${SIGN_CLAIM} ${run.outputs.digest}`,
    ])
    const again = await sign('vault', { VAULT_TOKEN: vault.adminToken })
    expect(imagesOf(again)[0]?.alreadySigned).toBe(true)
    const env = { VAULT_ADDR: vault.address, VAULT_TOKEN: vault.readerToken }
    const inputs = { images: `${host}/vault:1`, key: 'hashivault://release', pull: 'false' }
    const verified = await bench.verify(
      { ...inputs, 'transparency-log': 'ignore' },
      { env, secrets: [env.VAULT_TOKEN] },
    )
    expect(verified.outputs.result).toBe('passed')
    for (const one of [run, again, verified]) expect(one.log).not.toMatch(/hvs\.bed/)
  })

  test('an RSA key', async () => {
    await vault.createKey('rsa', 'rsa-3072')
    const run = await sign('vault-rsa', { VAULT_TOKEN: vault.adminToken }, 'hashivault://rsa')
    expect(titles(run)).toEqual([])
    expect(run.log).toContain('RSA 3072 key')
  })

  test.each<[string, Record<string, string>, string, string]>([
    ['a token that may do nothing', { VAULT_TOKEN: 'hvs.nobody-at-all' }, 'release', 'read on transit/keys/NAME'],
    ['no such key', { VAULT_TOKEN: 'READER' }, 'unknown', 'no such key in this Vault'],
    ['no token', {}, 'release', 'has no credentials'],
    ['no address', { VAULT_TOKEN: 'READER', VAULT_ADDR: '' }, 'release', 'Set VAULT_ADDR'],
    ['nobody there', { VAULT_TOKEN: 'READER', VAULT_ADDR: 'http://127.0.0.1:1' }, 'release', 'cannot be reached'],
    ['a token that may not sign', { VAULT_TOKEN: 'READER' }, 'release', 'update on transit/sign/NAME'],
    ['a type that nobody verifies', { VAULT_TOKEN: 'READER' }, 'ed25519', 'Ed25519'],
    ['a curve that cosign signs wrongly', { VAULT_TOKEN: 'READER' }, 'ecdsa-p384', 'over another digest'],
  ])('%s: an error that says so, and no tag', async (_what, variables, name, words) => {
    if (/^ed25519|p384$/.test(name)) await vault.createKey(name, name as KeyType)
    const env = Object.fromEntries(
      Object.entries(variables).map(([key, value]) => [key, value === 'READER' ? vault.readerToken : value]),
    )
    const run = await sign('vault-refused', { VAULT_MAX_RETRIES: '0', ...env }, `hashivault://${name}`)
    expect(run.outcome).toBe('failure')
    expect(texts(run)).toContain(words)
    expect(await ownTags(bench.bed, 'vault-refused')).toEqual([])
  })
})

/** Variables of every provider, so that each must be told from the others. */
const VARIABLES = {
  awskms: { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'aws-secret-0123', AWS_REGION: 'eu-west-1' },
  gcpkms: {
    GOOGLE_APPLICATION_CREDENTIALS: '/creds/gcp.json',
    CLOUDSDK_CONFIG: '/creds/gcloud',
    GCE_METADATA_HOST: '127.0.0.1:1',
  },
  azurekms: {
    AZURE_TENANT_ID: 'tenant',
    AZURE_CLIENT_ID: 'client',
    AZURE_CLIENT_SECRET: 'azure-secret-0123',
    IDENTITY_HEADER: 'identity-header-0123',
    MSI_ENDPOINT: 'http://127.0.0.1:1',
  },
  hashivault: {
    VAULT_ADDR: 'http://127.0.0.1:1',
    VAULT_TOKEN: 'hvs.vault-secret-0123',
    VAULT_NAMESPACE: 'team',
    TRANSIT_SECRET_ENGINE_PATH: 'signing',
  },
} as const
const ALL: Record<string, string> = Object.assign({}, ...Object.values(VARIABLES))

const uses = ({ argv }: RecordedCall, scheme: string): boolean => argv.some((one) => one.startsWith(`--key=${scheme}`))
const given = ({ env }: RecordedCall): string[] => Object.keys(ALL).filter((name) => env[name] !== undefined)

describe('a stand-in for cosign that signs with a local key', () => {
  let finch: Finch

  beforeAll(async () => {
    const key = await bench.bed.keys.quick('stand-in', 'stand-in password')
    const text = (real: string): string => `#!/bin/bash
# A stand-in for cosign's KMS clients, NOT a KMS: it takes a local key wherever one in a KMS is named.
arguments=()
for argument in "$@"; do
  [[ $argument == --key=*kms://* || $argument == --key=hashivault://* ]] && argument='--key=${key.privateFile}' && export COSIGN_PASSWORD='${key.password}'
  arguments+=("$argument")
done
exec '${real}' "\${arguments[@]}"
`
    const record = join(bench.bed.dir, 'stand-in-calls.jsonl')
    finch = await bench.otherFinch('kms-finch', { record, replace: { cosign: text } })
  })

  test.each([
    ['gcpkms', 'gcpkms://projects/P-1/locations/europe-west1/keyRings/R/cryptoKeys/K/versions/1'],
    ['gcpkms', 'gcpkms://projects/P-1/locations/global/keyRings/R/cryptoKeys/K'],
    ['azurekms', 'azurekms://team.vault.azure.net/release/0123456789abcdef'],
    ['hashivault', 'hashivault://team-release.v2'],
  ] as const)('%s: %s', async (scheme, uri) => {
    const before = (await finch.calls()).length
    const name = uri.replace(/\W+/g, '-').toLowerCase()
    const run = await bench.sign({ image: 'kms:1', tags: `${host}/${name}:1`, key: uri }, { finch, env: ALL })
    expect(titles(run)).toEqual([])
    const inputs = { images: `${host}/${name}:1`, key: uri, pull: 'false', 'transparency-log': 'ignore' }
    expect((await bench.verify(inputs, { finch, env: ALL })).outputs.result).toBe('passed')
    const calls = (await finch.calls()).slice(before)
    const withKey = calls.filter((call) => uses(call, scheme))
    expect(withKey.map(({ argv }) => argv[0])).toEqual(['public-key', 'sign', 'sign', 'public-key'])
    for (const call of withKey) {
      expect(call.argv).toContain(`--key=${uri}`)
      expect(given(call).sort()).toEqual(Object.keys(VARIABLES[scheme]).sort())
    }
    const others = calls.filter((call) => !uses(call, scheme))
    expect(new Set(others.map(({ tool }) => tool))).toEqual(new Set(['finch', 'nerdctl', 'cosign']))
    expect(others.flatMap(given)).toEqual([])
  })
})

describe('what the clients say', () => {
  const uris = {
    awskms: 'awskms:///alias/release',
    gcpkms: 'gcpkms://projects/P/locations/L/keyRings/R/cryptoKeys/K',
    azurekms: 'azurekms://team.vault.azure.net/release',
  }
  test.each<[keyof typeof uris, string, string]>([
    ['awskms', 'operation error KMS: GetPublicKey, StatusCode: 400, AccessDeniedException: …', 'kms:GetPublicKey'],
    ['awskms', 'StatusCode: 400, ExpiredTokenException: The security token is expired', 'have expired'],
    ['awskms', 'operation error KMS: Invalid Configuration: Missing Region', 'Set the input "aws-region"'],
    ['awskms', 'NotFoundException: Alias arn:aws:kms:…:alias/release is not found.', 'There is no such key'],
    ['gcpkms', 'rpc error: code = PermissionDenied desc = Permission denied', 'cloudkms.cryptoKeyVersions.get'],
    ['gcpkms', 'rpc error: code = NotFound desc = CryptoKey not found', 'There is no such key'],
    ['gcpkms', 'credentials: could not find default credentials', 'has no credentials'],
    ['azurekms', 'RESPONSE 403: 403 Forbidden ERROR CODE: Forbidden', 'keys/get, keys/sign'],
    ['azurekms', 'AADSTS700024: Client assertion is not within its valid time range', 'have expired'],
    ['azurekms', 'RESPONSE 404: 404 Not Found ERROR CODE: KeyNotFound', 'There is no such key'],
    ['azurekms', 'dial tcp: lookup team.vault.azure.net: no such host', 'cannot be reached'],
  ])('%s: %s', async (scheme, said, words) => {
    const name = `says-${Buffer.from(said).toString('hex').slice(-24)}`
    const cosign = (real: string): string =>
      `#!/bin/bash\n[[ $1 == public-key ]] || exec '${real}' "$@"\necho '${`Error: ${said}`}' >&2\nexit 1\n`
    const finch = await bench.otherFinch(name, { replace: { cosign } })
    const run = await bench.sign({ image: 'kms:1', tags: `${host}/says:1`, key: uris[scheme] }, { finch, env: ALL })
    expect(titles(run)).toEqual(['The KMS key cannot be used'])
    expect(texts(run)).toContain(words)
  })

  test.each([
    ['awskms://alias/release', 'three slashes'],
    ['gcpkms://projects/P/locations/L/keyRings/R/cryptoKeys', 'cryptoKeys/K/versions/1'],
    ['azurekms://team.vault.azure.net', 'azurekms://vault.vault.azure.net/key'],
    ['hashivault://team/release', 'hashivault://key'],
    ['pkcs11://token', 'gcpkms://'],
  ])('%s is refused with an example', async (uri, example) => {
    const run = await bench.sign({ image: 'kms:1', tags: `${host}/malformed:1`, key: uri })
    expect(run.outcome).toBe('failure')
    expect(texts(run)).toContain(example)
  })
})
