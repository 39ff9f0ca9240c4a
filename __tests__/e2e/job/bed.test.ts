import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Bed, startBed } from '../../bed/bed'
import { withHostName } from '../../bed/machine/hosts'
import { run } from '../../bed/process'
import { startProxy } from '../../bed/registry/proxy'

const ecrHost = '999988887777.dkr.ecr.eu-west-1.amazonaws.com'

/** Reads the file for a second and prints what was amiss in it. */
const READ_HOSTS = `
const { readFileSync } = require('node:fs')
const [whole, broken] = [/^127(\\.\\d+){3} \\S+\\.bed\\.test # finch-signing test bed, process \\d+$/, new Set()]
const end = performance.now() + 1500
let reads = 0
for (; performance.now() < end; reads++) {
  const lines = readFileSync('/etc/hosts', 'utf8').split('\\n')
  if (!lines.some((line) => /\\slocalhost\\b/.test(line))) broken.add('no localhost')
  for (const line of lines) if (line.includes('bed.test') && !whole.test(line)) broken.add(line)
}
console.log(JSON.stringify({ reads, broken: [...broken] }))`

let bed: Bed
let forgetHost: (() => Promise<void>) | undefined

beforeAll(async () => {
  forgetHost = await withHostName(ecrHost)
  bed = await startBed({
    record: true,
    withTlsRegistry: { host: ecrHost },
    log: (line) => process.stderr.write(`${line}\n`),
  })
}, 40 * 60_000)

afterAll(async () => {
  await forgetHost?.()
  await bed?.stop()
}, 60_000)

describe('the test bed', () => {
  test('has a finch that says what it is', async () => {
    const { stdout } = await bed.runFinch(['version'])
    expect(stdout).toMatch(/^Client:\n Version:\tv1\.18\.0\n OS\/Arch:\tlinux\//)
    expect(stdout).toMatch(/\n nerdctl:\n {2}Version:\tv2\.2\.2\n/)
    expect(stdout).toMatch(/\nServer:\n containerd:\n/)
    expect(bed.finch.description).toMatch(/Finch/)
  })

  test('a push by digest makes no tag', async () => {
    const { repository, digest } = await pushed('by-digest')
    expect(await bed.registry.catalog()).toContain('by-digest')
    expect(await bed.registry.tags('by-digest')).toEqual([])
    expect((await bed.registry.manifest('by-digest', digest))?.digest).toBe(digest)
    expect(repository).toBe(`${bed.registry.name}/by-digest`)
  })

  test.each([false, true])('a signature by hand verifies by hand (legacy: %s)', async (legacy) => {
    const key = await bed.keys.cosign()
    const { repository, digest } = await pushed(`signed-${legacy}`)
    const ref = `${repository}@${digest}`
    expect((await bed.cosignVerifyRaw(ref, key)).code).toBe(10)
    await bed.cosignSignRaw(ref, key, { legacy })
    const verified = await bed.cosignVerifyRaw(ref, key)
    expect(verified.code).toBe(0)
    expect(verified.stdout).toContain(digest)
    const attached = await bed.registry.referrersOrFallback(`signed-${legacy}`, digest)
    expect(attached.manifests).toHaveLength(legacy ? 0 : 1)
  })

  test('an image with an attestation only passes pull --verify', async () => {
    const key = await bed.keys.cosign()
    const { repository, digest } = await pushed('attested')
    await bed.cosignAttestRaw(`${repository}@${digest}`, key)
    const args = ['pull', '--verify=cosign', `--cosign-key=${key.publicFile}`, `${repository}@${digest}`]
    const pull = await bed.runFinch(args, { env: { COSIGN_PRIVATE_INFRASTRUCTURE: 'true' }, check: false })
    expect(pull.code).toBe(0)
    expect((await bed.cosignVerifyRaw(`${repository}@${digest}`, key)).stdout).toContain(
      'https://test.invalid/statement',
    )
  })

  test('push --sign and pull --verify as by hand; every call is recorded', async () => {
    const key = await bed.keys.cosign()
    const image = await bed.makeImage({ name: 'by-hand:1', marker: 'by hand' })
    const target = `${bed.registry.name}/by-hand:1`
    const env = { COSIGN_PASSWORD: key.password, COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false' }
    await bed.runFinch(['tag', image.name, target])
    const push = await bed.runFinch(['push', '--sign=cosign', `--cosign-key=${key.privateFile}`, target], { env })
    expect(push.stderr).toContain(`pushing as a reduced-platform image (${image.mediaType}, ${image.digest})`)
    expect((await bed.cosignVerifyRaw(target, key)).code).toBe(0)
    const calls = await bed.finch.calls()
    if (bed.finch.kind === 'stand-in') {
      const sign = calls.find((call) => call.tool === 'cosign' && call.argv[0] === 'sign')
      expect(sign?.argv.at(-1)).toContain(image.digest)
      expect(sign?.env.COSIGN_PASSWORD).toBe(key.password)
    }
  })

  test('an index of which one platform is here is pushed reduced', async () => {
    const [here, other] = ['linux/amd64', 'linux/s390x']
    const native = process.arch === 'x64' ? here : 'linux/arm64'
    const platforms = [native, other]
    const image = await bed.makeImage({ name: 'partial:1', platforms, present: [native], marker: 'partial' })
    const target = `${bed.registry.name}/partial@${image.digest}`
    await bed.runFinch(['tag', image.name, target])
    const push = await bed.runFinch(['push', target])
    const reduced = /\((\S+), (sha256:[0-9a-f]{64})\)/.exec(push.stderr)?.[2] ?? ''
    expect(reduced).not.toBe(image.digest)
    expect(await bed.registry.manifest('partial', reduced)).toBeDefined()
    expect(await bed.registry.manifest('partial', image.digest)).toBeUndefined()
  })

  test('TLS and a password under the host name of an ECR registry', async () => {
    const registry = bed.tlsRegistry
    if (registry === undefined) throw new Error('no TLS registry')
    const key = await bed.keys.cosign()
    const image = await bed.makeImage({ name: 'tls:1', marker: 'tls' })
    const ref = `${registry.name}/team/tls@${image.digest}`
    await bed.runFinch(['tag', image.name, ref])
    const refused = await bed.runFinch(['push', ref], { check: false, env: { DOCKER_CONFIG: '/nowhere' } })
    expect(refused.code).not.toBe(0)
    await bed.runFinch(['push', ref])
    await bed.cosignSignRaw(ref, key)
    expect((await bed.cosignVerifyRaw(ref, key)).code).toBe(0)
    expect(await registry.catalog()).toEqual(['team/tls'])
  })

  test('a push over plain HTTP to a name is silently not signed, and the proxy saw it', async () => {
    const forget = await withHostName('plain.bed.test', '127.0.0.2')
    const rules = [{ method: 'PUT', path: /\/manifests\//, status: 503, times: 1 }]
    const proxy = await startProxy({ target: bed.registry.endpoint, address: '127.0.0.2', rules })
    try {
      const key = await bed.keys.cosign()
      const image = await bed.makeImage({ name: 'plain:1', marker: 'plain' })
      const target = `plain.bed.test:${proxy.port}/plain:1`
      await bed.runFinch(['tag', image.name, target])
      const args = ['push', '--insecure-registry', '--sign=cosign', `--cosign-key=${key.privateFile}`, target]
      const push = await bed.runFinch(args, { env: { COSIGN_PASSWORD: key.password } })
      expect(push.stderr).toContain('falling back to plain HTTP')
      expect(await bed.registry.tags('plain')).toEqual(['1'])
      expect((await bed.registry.referrersOrFallback('plain', image.digest)).source).toBe('none')
      const puts = proxy.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/manifests/'))
      expect(puts.map(({ status }) => status)).toEqual([503, 201])
    } finally {
      await proxy.stop()
      await forget()
    }
  })

  test('who reads the host names while others come and go, always finds localhost and whole lines', async () => {
    const reading = run(process.execPath, ['-e', READ_HOSTS], { timeoutMs: 60_000 })
    for (let round = 0; round < 15; round++) {
      const forget = await withHostName(`round-${round}.bed.test`, '127.0.0.2')
      await forget()
    }
    const { reads, broken } = JSON.parse((await reading).stdout) as { reads: number; broken: string[] }
    expect(reads).toBeGreaterThan(1000)
    expect(broken).toEqual([])
  })

  test('a runnable image runs', async () => {
    const image = await bed.makeImage({ name: 'hello:1', runnable: true, marker: 'hello from the bed' })
    const { stdout } = await bed.runFinch(['run', '--rm', image.name, 'twice'])
    expect(stdout).toBe('hello from the bed twice\n')
  })
})

async function pushed(name: string): Promise<{ repository: string; digest: string }> {
  const { digest } = await bed.makeImage({ name: `${name}:1`, marker: name })
  const repository = `${bed.registry.name}/${name}`
  await bed.runFinch(['tag', `${name}:1`, `${repository}@${digest}`])
  await bed.runFinch(['push', `${repository}@${digest}`])
  return { repository, digest }
}
