/**
 * Signing without a key: a real Fulcio, log and timestamp authority, and an issuer that gives jobs their tokens as GitHub's does.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { type Fault, startProxy } from '../../bed/registry/proxy'
import type { TokenService } from '../../bed/sigstore/oidc'
import { type Sigstore, startSigstore } from '../../bed/sigstore/sigstore'
import type { ActionRun } from '../../runner/run-action'
import { countBundles, imagesOf, ownTags, titles, told } from '../support/evidence'
import { asText, verdict, WORKFLOW, workflowClaims } from '../support/sigstore'
import { formsOf, namesOfSecret } from '../support/traces'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(90_000)

type Inputs = Record<string, string>

let bench: Workbench
let sigstore: Sigstore
let service: TokenService
let repository: string
let number = 0

beforeAll(async () => {
  bench = await startWorkbench({ record: true })
  sigstore = await startSigstore(join(bench.bed.dir, 'sigstore'), bench.bed.toolchain)
  await bench.bed.makeImage({ name: 'app:1', marker: 'app' })
  await bench.bed.makeImage({ name: 'all:1', platforms: ['linux/amd64', 'linux/arm64'], index: true })
}, 40 * 60_000)

afterAll(async () => {
  await sigstore?.stop()
  await bench?.stop()
}, 60_000)

beforeEach(() => {
  repository = `keyless/${++number}`
  service = sigstore.issuer.service(workflowClaims())
})

const tag = () => `${bench.bed.registry.name}/${repository}:1`

function sign(inputs: Inputs = {}, env: Inputs = service.env, secrets: string[] = []): Promise<ActionRun> {
  const given = { image: 'app:1', tags: tag(), keyless: 'true', 'transparency-log': 'auto', ...asText(sigstore) }
  return bench.sign({ ...given, ...inputs }, { env, secrets, github: { server_url: sigstore.issuer.forge } })
}

function verify(inputs: Inputs = {}): Promise<ActionRun> {
  const by = { 'certificate-identity': WORKFLOW, 'certificate-oidc-issuer': sigstore.issuer.url }
  const root = { 'sigstore-trusted-root': sigstore.trustedRoot.text }
  return bench.verify({ images: tag(), pull: 'false', ...root, ...by, ...inputs })
}

function byHand(digest: string, identity = WORKFLOW) {
  const who = [`--certificate-identity=${identity}`, `--certificate-oidc-issuer=${sigstore.issuer.url}`]
  const image = `${bench.bed.registry.name}/${repository}@${digest}`
  return bench.bed.cosign(
    ['verify', ...who, image],
    { COSIGN_TRUSTED_ROOT: sigstore.trustedRoot.file },
    { check: false },
  )
}

/** The forms of a secret that a run has shown. */
function shown({ log, rawLog, outputs, summary }: ActionRun, secret: string): string[] {
  return namesOfSecret(formsOf('token', secret), [log, rawLog, JSON.stringify(outputs), summary].join('\n'))
}

/** Nothing is to be seen under a tag. */
const noTag = async () => expect(await ownTags(bench.bed, repository)).toEqual([])

describe('a workflow', () => {
  test('signs, is verified by its identity, and signs nothing again', async () => {
    const run = await sign()
    expect(titles(run)).toEqual([])
    const { outputs } = run
    const [image] = imagesOf(run)
    expect(image?.signatures).toEqual([
      {
        format: 'bundle',
        digest: outputs.signature,
        keyFingerprint: '',
        identity: { subject: WORKFLOW, issuer: sigstore.issuer.url },
        logIndex: expect.stringMatching(/^\d+$/),
      },
    ])
    expect([outputs['key-fingerprint'], image?.alreadySigned]).toEqual(['', false])
    expect(service.given).toHaveLength(1)
    expect((await byHand(outputs.digest ?? '')).code).toBe(0)
    expect((await byHand(outputs.digest ?? '', `${WORKFLOW}0`)).code).not.toBe(0)
    expect(verdict(await verify())).toBe('passed')
    const entries = await sigstore.logSize()
    const again = await sign()
    expect([again.outputs, imagesOf(again)[0]?.alreadySigned]).toEqual([
      {
        ...outputs,
        images: again.outputs.images,
        'bundle-path': again.outputs['bundle-path'],
        'report-path': again.outputs['report-path'],
      },
      true,
    ])
    expect([await countBundles(bench.bed, repository, outputs.digest ?? ''), await sigstore.logSize()]).toEqual([
      1,
      entries,
    ])
  })

  test('keeps the token out of everything but the environment of cosign', async () => {
    const run = await sign()
    expect(run.conclusion).toBe('success')
    expect(shown(run, service.given[0] ?? '')).toEqual([])
    expect(shown(run, service.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN)).toEqual([])
    const calls = await bench.bed.finch.calls()
    expect(calls.filter(({ argv }) => argv.join().includes(service.given[0] ?? '')).map(({ tool }) => tool)).toEqual([])
    const holders = calls.filter(({ env }) =>
      Object.values(env)
        .join()
        .includes(service.given[0] ?? ''),
    )
    expect([...new Set(holders.map(({ tool, argv }) => `${tool} ${argv[0]}`))]).toEqual(['cosign sign'])
  })

  test('signs an index and each of its platforms', async () => {
    const run = await sign({ image: 'all:1' })
    expect(titles(run)).toEqual([])
    expect(service.given).toHaveLength(1)
    const manifest = await bench.bed.registry.manifest(repository, run.outputs.digest ?? '')
    const { manifests } = JSON.parse(manifest?.body.toString() ?? '') as { manifests: { digest: string }[] }
    expect(manifests).toHaveLength(2)
    for (const { digest } of manifests) expect((await byHand(digest)).code).toBe(0)
  })

  test('counts by its own identity: another workflow or another ref adds a signature of its own', async () => {
    await sign()
    const other = WORKFLOW.replace('release.yml@refs/tags/v1', 'other.yml@refs/heads/main')
    const run = await sign({}, sigstore.issuer.service(workflowClaims(other)).env)
    const [image] = imagesOf(run)
    expect([image?.alreadySigned, image?.signatures.map(({ identity }) => identity?.subject)]).toEqual([false, [other]])
    expect(await countBundles(bench.bed, repository, run.outputs.digest ?? '')).toBe(2)
  })

  test('is shown in the summary, with the command to check it', async () => {
    const run = await sign()
    expect(run.summary).toContain('signed without a key')
    expect(run.summary).toContain(`--certificate-identity=${WORKFLOW}`)
  })

  test('signs every service of a compose project, with one token', async () => {
    const { name } = bench.bed.registry
    const workspace = join(bench.bed.dir, `compose-${number}`)
    await mkdir(workspace)
    const services = ['web', 'api']
    const lines = services.map((one) => `  ${one}:\n    image: ${name}/${repository}/${one}:1\n    build: ./${one}\n`)
    await writeFile(join(workspace, 'compose.yaml'), `services:\n${lines.join('')}`)
    for (const one of services) await bench.bed.makeImage({ name: `${name}/${repository}/${one}:1`, marker: one })
    const run = await bench.sign(
      { 'compose-file': 'compose.yaml', keyless: 'true', 'transparency-log': 'auto', ...asText(sigstore) },
      { workspace, env: { ...service.env, GITHUB_WORKSPACE: workspace } },
    )
    expect(titles(run)).toEqual([])
    expect(imagesOf(run).map(({ signatures }) => signatures[0]?.identity?.subject)).toEqual([WORKFLOW, WORKFLOW])
    expect(service.given).toHaveLength(1)
    for (const one of services) expect(await ownTags(bench.bed, `${repository}/${one}`)).toEqual(['1'])
  })

  test('signs what is promoted to another repository', async () => {
    await sign()
    const [image] = imagesOf(await sign())
    const elsewhere = `${bench.bed.registry.name}/${repository}/production`
    const run = await sign({ image: `${image?.repository}@${image?.digest}`, tags: `${elsewhere}:1` })
    expect(titles(run)).toEqual([])
    expect(run.outputs.image).toBe(`${elsewhere}@${image?.digest}`)
    expect(verdict(await verify({ images: `${elsewhere}:1` }))).toBe('passed')
  })

  test('changes nothing in a dry run', async () => {
    const run = await sign({ 'dry-run': 'true' })
    expect(run.conclusion).toBe('success')
    expect(run.log).toMatch(/signed by .*octo-org\/app\//)
    await noTag()
  })
})

describe('a token', () => {
  const sigstoreToken = (claims = {}) => sigstore.issuer.token({ ...workflowClaims(), ...claims })
  const seconds = () => Math.floor(Date.now() / 1000)

  test('that is given is used', async () => {
    const token = sigstoreToken()
    const run = await sign({ 'identity-token': token }, {}, [token])
    expect([titles(run), service.given, shown(run, token)]).toEqual([[], [], []])
    expect(imagesOf(run)[0]?.signatures[0]?.identity?.subject).toBe(WORKFLOW)
  })

  test.each<[string, () => string, string]>([
    [
      'for another audience',
      () => sigstoreToken({ aud: 'https://github.com/octo-org' }),
      'Input "identity-token" is not valid',
    ],
    ['of the past', () => sigstoreToken({ exp: seconds() - 300 }), 'Input "identity-token" is not valid'],
    ['that is none', () => 'no-token-at-all', 'Input "identity-token" is not valid'],
    [
      'of another issuer',
      () => sigstoreToken({ iss: 'https://forge.invalid/_services/token' }),
      'The certificate authority does not accept the token',
    ],
    [
      'whose signature is wrong',
      () => `${sigstoreToken().slice(0, -20)}${'A'.repeat(20)}`,
      'The certificate authority does not accept the token',
    ],
  ])('%s leaves no tag', async (_what, token, title) => {
    const run = await sign({ 'identity-token': token() }, {})
    expect([run.conclusion, titles(run)]).toEqual(['failure', [title]])
    await noTag()
  })

  test('that the service gives for nobody, or for another audience, leaves no tag', async () => {
    const other = sigstore.issuer.service({ ...workflowClaims(), aud: 'other' }).env
    for (const env of [{ ...service.env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'wrong-request-token' }, other]) {
      expect(titles(await sign({}, env))).toEqual(['The forge gives no identity token'])
    }
    await noTag()
  })

  test('that runs out soon is asked for again', async () => {
    const short = sigstore.issuer.service({ ...workflowClaims(), exp: seconds() + 30 })
    const run = await sign({ tags: `${tag()}\n${bench.bed.registry.name}/${repository}/second:1` }, short.env)
    expect(titles(run)).toEqual([])
    expect(short.given.length).toBeGreaterThan(1)
  })
})

describe('inputs', () => {
  test.each<[string, Inputs, Inputs | undefined, string]>([
    ['a key as well', { key: 'env://KEY' }, undefined, 'These inputs do not go together'],
    ['publish: finch', { publish: 'finch' }, undefined, 'These inputs do not go together'],
    ['no log', { 'transparency-log': 'none' }, undefined, 'These inputs do not go together'],
    [
      'a token without keyless',
      { keyless: 'false', 'identity-token': 'any-token-at-all' },
      undefined,
      'These inputs do not go together',
    ],
    ['no permission', {}, {}, 'This job has no identity'],
    [
      'a private repository on the public Sigstore',
      { 'sigstore-signing-config': '', 'sigstore-trusted-root': '' },
      undefined,
      'These inputs do not go together',
    ],
  ])('are refused: %s', async (_what, inputs, env, title) => {
    expect(titles(await sign(inputs, env ?? service.env))).toEqual([title])
    await noTag()
  })
})

/** Each request to each service, of a run that signs an index with two platforms. */
describe('a fault in a request to a service of Sigstore', () => {
  const KINDS = ['fulcio', 'rekor', 'timestamps'] as const
  const FAULTS: readonly [string, Fault][] = [
    ['503', { status: 503 }],
    ['cut before', { reset: 'before' }],
    ['cut after', { reset: 'after' }],
  ]

  const cases = KINDS.flatMap((kind) =>
    FAULTS.flatMap(([what, fault]) => [0, 2].map((skip) => [kind, skip + 1, what, fault] as const)),
  )
  test.each(cases)('%s, request %i: %s: no tag is unsigned', async (kind, at, what, fault) => {
    const real = sigstore.services[kind]
    const { hostname, port, pathname } = new URL(real.url)
    const target = { address: '127.0.0.1', port: Number(port) }
    const proxy = await startProxy({ target, rules: [{ method: 'POST', path: /./, skip: at - 1, times: 1, ...fault }] })
    try {
      const url = `http://${hostname}:${proxy.port}${pathname === '/' ? '' : pathname}`
      const config = await sigstore.variant(`${kind}-${at}-${what}`.replace(/ /g, '-'), { [kind]: { ...real, url } })
      const run = await sign({ image: 'all:1', ...asText(config) })
      expect(proxy.requests.length).toBeGreaterThanOrEqual(at)
      if (run.conclusion === 'failure') return await noTag()
      expect(verdict(await verify())).toBe('passed')
    } finally {
      await proxy.stop()
    }
  })

  test('of the forge is survived', async () => {
    const { port } = new URL(sigstore.issuer.forge)
    const target = { address: '127.0.0.1', port: Number(port) }
    const rule = { method: 'GET', path: /job-token/, times: 1 } as const
    for (const [, fault] of FAULTS) {
      const proxy = await startProxy({ target, rules: [{ ...rule, ...fault }] })
      const url = service.env.ACTIONS_ID_TOKEN_REQUEST_URL.replace(`:${port}/`, `:${proxy.port}/`)
      const run = await sign({}, { ...service.env, ACTIONS_ID_TOKEN_REQUEST_URL: url })
      await proxy.stop()
      expect(titles(run)).toEqual([])
    }
  })
})

describe('a service of Sigstore that fails', () => {
  test.each<[string, () => Promise<Inputs>, string]>([
    [
      'the certificate authority',
      async () => {
        const { fulcio } = sigstore.services
        return asText(await sigstore.variant('no-fulcio', { fulcio: { ...fulcio, url: 'http://127.0.0.1:9' } }))
      },
      'The certificate authority failed',
    ],
    [
      'the log',
      async () => {
        const { rekor } = sigstore.services
        return asText(await sigstore.variant('no-log', { rekor: { ...rekor, url: 'http://localhost:9' } }))
      },
      'A service of Sigstore failed',
    ],
    [
      'the timestamp authority',
      async () => {
        const { timestamps } = sigstore.services
        return asText(await sigstore.variant('no-time', { timestamps: { ...timestamps, url: 'http://127.0.0.1:9/t' } }))
      },
      'A service of Sigstore failed',
    ],
  ])('%s: no tag', async (_what, config, title) => {
    const run = await sign(await config())
    expect([run.conclusion, titles(run)]).toEqual(['failure', [title]])
    expect(told(run, 'error')[0]?.message).not.toContain(service.given[0])
    await noTag()
    expect((await verify()).outputs.verified).toBe('false')
  })
})
