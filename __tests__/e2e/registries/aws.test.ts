/**
 * Amazon ECR and KMS for real as far as that goes without AWS: an emulator for the APIs, and registries with TLS and
 * ECR's password under ECR host names.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Aws, startAws } from '../../bed/aws/aws'
import { type Bed, startBed } from '../../bed/bed'
import { withHostName } from '../../bed/machine/hosts'
import { type Registry, startRegistry } from '../../bed/registry/registry'
import { type ActionRun, runAction } from '../../runner/run-action'

const first = { account: '111122223333', region: 'eu-west-1' }
const second = { account: '444455556666', region: 'us-gov-west-1' }
const password = 'ministack-auth-token'
const hostOf = ({ account, region }: typeof first): string => `${account}.dkr.ecr.${region}.amazonaws.com`

let bed: Bed
let aws: Aws
let registries: Registry[]
let env: Record<string, string>
let arn: string
const undo: (() => Promise<void>)[] = []

beforeAll(async () => {
  bed = await startBed({ record: true })
  undo.unshift(() => bed.stop())
  const dir = join(bed.dir, 'aws')
  await mkdir(dir, { recursive: true })
  const emulator = startAws(dir)
  registries = await Promise.all(
    [first, second].map(async (place, index) => {
      const address = `127.0.0.${11 + index}`
      undo.unshift(await withHostName(hostOf(place), address))
      const registry = await startRegistry({
        dir: join(bed.dir, `ecr-${index}`),
        toolchain: bed.toolchain,
        port: 443,
        address,
        tls: true,
        host: hostOf(place),
        htpasswd: { username: 'AWS', password },
      })
      undo.unshift(() => registry.stop())
      return registry
    }),
  )
  aws = await emulator
  undo.unshift(() => aws.stop())
  const bundle = join(bed.dir, 'ca.pem')
  const authorities = await Promise.all(registries.map(({ caFile }) => readFile(caFile ?? '', 'utf8')))
  await writeFile(bundle, authorities.join('\n'))
  env = { PATH: `${bed.finch.bin}:${process.env.PATH}`, SSL_CERT_FILE: bundle, ...aws.env(first.account, first.region) }
  arn = await aws.createKey({ alias: 'release', ...first })
  await bed.makeImage({ name: 'shop:build' })
}, 180_000)

afterAll(async () => {
  for (const step of undo) await step()
}, 60_000)

function sign(inputs: Record<string, string>, more: Record<string, string | undefined> = {}): Promise<ActionRun> {
  const common = { image: 'shop:build', key: 'awskms:///alias/release', 'transparency-log': 'none' }
  return runAction({ action: 'sign', env: { ...env, ...more }, with: { ...common, ...inputs } })
}

function verify(inputs: Record<string, string>, more: Record<string, string | undefined> = {}): Promise<ActionRun> {
  return runAction({ action: 'verify', env: { ...env, ...more }, with: { 'transparency-log': 'ignore', ...inputs } })
}

const titles = (run: ActionRun): string[] =>
  run.annotations.filter(({ level }) => level === 'error').map(({ title }) => title ?? '')

describe('ECR and KMS', () => {
  it('signs with a KMS key into two accounts and regions at once, and again adds nothing', async () => {
    const tags = [first, second].map((place) => `${hostOf(place)}/team/shop:1`).join('\n')
    const run = await sign({ tags })
    expect(run.log).not.toContain(password)
    expect(run).toMatchObject({ conclusion: 'success' })
    const images = JSON.parse(run.outputs.images ?? '[]')
    expect(images).toHaveLength(2)
    for (const registry of registries) {
      expect(await registry.manifest('team/shop', '1')).toMatchObject({ digest: run.outputs.digest })
    }
    const again = await sign({ tags })
    expect(again.outputs).toMatchObject({ digest: run.outputs.digest, signature: run.outputs.signature })
    expect(
      JSON.parse(again.outputs.images ?? '[]').map((image: { alreadySigned: boolean }) => image.alreadySigned),
    ).toEqual([true, true])
    const verified = await verify({
      images: `${hostOf(first)}/team/shop:1, ${hostOf(second)}/team/shop:1`,
      key: 'awskms:///alias/release',
    })
    expect(verified.outputs).toMatchObject({ result: 'passed', verified: 'true', digest: run.outputs.digest })
  }, 120_000)

  it('takes credentials from a profile, which the SDK loads code of its own for', async () => {
    const file = join(bed.dir, 'credentials')
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = env
    const lines = [`aws_access_key_id = ${AWS_ACCESS_KEY_ID}`, `aws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}`]
    await writeFile(file, `[release]\n${lines.join('\n')}\n`, { mode: 0o600 })
    const profile = { AWS_PROFILE: 'release', AWS_SHARED_CREDENTIALS_FILE: file }
    const without = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }
    const run = await sign({ tags: `${hostOf(first)}/team/profile:1` }, { ...without, ...profile })
    expect([run.conclusion, titles(run)]).toEqual(['success', []])
  }, 60_000)

  it('takes the region of a key from its ARN', async () => {
    const run = await sign({ tags: `${hostOf(first)}/team/arn:1`, key: `awskms:///${arn}` }, { AWS_REGION: undefined })
    expect(run.conclusion).toBe('success')
  }, 60_000)

  it('takes the region of an alias from the input', async () => {
    const inputs = { tags: `${hostOf(first)}/team/alias:1`, 'aws-region': first.region }
    expect((await sign(inputs, { AWS_REGION: undefined })).conclusion).toBe('success')
    const without = await sign({ tags: inputs.tags }, { AWS_REGION: undefined })
    expect(titles(without)).toContain('The AWS region is not known')
  }, 60_000)

  it('says what is wrong with a key in the wrong region, a missing key, and missing credentials', async () => {
    const tags = `${hostOf(first)}/team/none:1`
    const elsewhere = await sign({ tags }, { AWS_REGION: 'eu-central-1' })
    expect(titles(elsewhere)).toContain('The KMS key cannot be used')
    const unknown = await sign({ tags, key: 'awskms:///alias/unknown' })
    expect(unknown.annotations.map(({ message }) => message).join()).toContain('There is no such key')
    const twoSlashes = await sign({ tags, key: 'awskms://alias/release' })
    expect(twoSlashes.annotations.map(({ message }) => message).join()).toContain('three slashes')
    const nobody = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_EC2_METADATA_DISABLED: 'true' }
    const { privatePem } = await bed.keys.quick('plain', 'a password of some length')
    const anonymous = await sign({ tags, key: privatePem, 'key-password': 'a password of some length' }, nobody)
    expect(titles(anonymous)).toContain('The job has no AWS credentials')
    expect(await registries[0]?.tags('team/none')).toEqual([])
  }, 120_000)

  it('keeps credentials out of arguments, log and files', async () => {
    const calls = await bed.finch.calls()
    const secrets = [password, 'not-a-real-secret-0123456789', Buffer.from(`AWS:${password}`).toString('base64')]
    for (const { argv } of calls) for (const secret of secrets) expect(argv.join(' ')).not.toContain(secret)
    const withSecret = calls.filter(({ env }) =>
      Object.values(env).some((value) => value.includes('not-a-real-secret')),
    )
    expect(new Set(withSecret.map(({ tool }) => tool))).toEqual(new Set(['cosign']))
  })

  it('makes a missing repository, and refuses to move an immutable tag before it pushes', async () => {
    const name = 'team/fresh'
    const tags = `${hostOf(first)}/${name}:1`
    expect((await sign({ tags, 'create-repository': 'true' })).conclusion).toBe('success')
    const target = 'AmazonEC2ContainerRegistry_V20150921'
    const input = { repositoryNames: [name] }
    const { repositories } = await aws.call(`${target}.DescribeRepositories`, input, first.account, first.region)
    expect(repositories).toHaveLength(1)
    const mutability = { repositoryName: name, imageTagMutability: 'IMMUTABLE' }
    await aws.call(`${target}.PutImageTagMutability`, mutability, first.account, first.region)
    expect((await sign({ tags })).conclusion).toBe('success')
    const other = await bed.makeImage({ name: 'shop:other', marker: 'other' })
    const refused = await sign({ tags, image: other.name })
    expect(titles(refused)).toContain('The tag exists and may not be moved')
    expect(await registries[0]?.manifest(name, other.digest)).toBeUndefined()
  }, 120_000)

  it('publishes a compose project by the KMS key that it names, and none of it where one tag may not be moved', async () => {
    const workspace = join(bed.dir, 'workspace')
    const places = [first, second].map((place, index) => ({ place, name: `set/${index === 0 ? 'web' : 'api'}` }))
    const write = async (marker: string): Promise<void> => {
      const services = places.map(({ place, name }) => {
        const sign = 'x-nerdctl-sign: cosign, x-nerdctl-cosign-private-key: "awskms:///alias/release"'
        return `  ${name.slice(4)}: { image: "${hostOf(place)}/${name}:1", ${sign} }\n`
      })
      for (const { place, name } of places) await bed.makeImage({ name: `${hostOf(place)}/${name}:1`, marker })
      await mkdir(workspace, { recursive: true })
      await writeFile(join(workspace, 'compose.yaml'), `services:\n${services.join('')}`)
    }
    const publish = () =>
      runAction({
        action: 'sign',
        workspace,
        env: { ...env, GITHUB_WORKSPACE: workspace },
        with: { 'compose-file': 'compose.yaml', 'transparency-log': 'none', 'create-repository': 'true' },
      })
    await write('set')
    const run = await publish()
    expect([run.conclusion, titles(run)]).toEqual(['success', []])
    // The emulator knows an account by its credentials alone: both repositories are in the first one's.
    const target = 'AmazonEC2ContainerRegistry_V20150921'
    for (const [index, { place, name }] of places.entries()) {
      expect(await registries[index]?.manifest(name, '1')).toMatchObject({ digest: run.outputs.digest })
      const input = { repositoryNames: [name] }
      const { repositories } = await aws.call(`${target}.DescribeRepositories`, input, first.account, place.region)
      expect(repositories).toHaveLength(1)
    }
    const mutability = { repositoryName: 'set/api', imageTagMutability: 'IMMUTABLE' }
    await aws.call(`${target}.PutImageTagMutability`, mutability, first.account, second.region)
    expect((await publish()).conclusion).toBe('success')
    await write('set, changed')
    const refused = await publish()
    expect(titles(refused)).toContain('The tag exists and may not be moved')
    expect(await registries[0]?.manifest('set/web', '1')).toMatchObject({ digest: run.outputs.digest })
  }, 180_000)

  it('sets no tag when the KMS signs something else', async () => {
    const faulty = await startAws(join(bed.dir, 'aws'), 'rehashing')
    try {
      await faulty.createKey({ alias: 'release', ...first })
      const { privatePem } = await bed.keys.quick('plain', 'a password of some length')
      expect(privatePem).toContain('ENCRYPTED')
      const tags = `${bed.registry.name}/team/faulty:1`
      const run = await sign({ tags }, faulty.env(first.account, first.region))
      expect(titles(run)).toContain('The image is not signed')
      expect((await bed.registry.tags('team/faulty')).filter((tag) => !tag.startsWith('sha256-'))).toEqual([])
    } finally {
      await faulty.stop()
    }
  }, 240_000)
})
