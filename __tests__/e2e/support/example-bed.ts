/**
 * What the workflows in examples/ need around them, under the very names that stand in them: registries named ghcr.io
 * and as Amazon ECR's, AWS, and the project that they are part of.
 */
import { randomBytes } from 'node:crypto'
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Aws, startAws } from '../../bed/aws/aws'
import { startBuildKit } from '../../bed/machine/buildkit'
import { withHostName } from '../../bed/machine/hosts'
import { run, runAsRoot } from '../../bed/process'
import { type Registry, startRegistry } from '../../bed/registry/registry'
import { makeCertificate } from '../../bed/registry/tls'
import { startTokenService } from '../../bed/registry/token-service'
import type { CosignKey } from '../../bed/sigstore/keys'
import { ROOT, startWorkbench, type Workbench } from './workbench'

export const ACCOUNT = '123456789012'
export const REGION = 'eu-west-1'
export const ECR = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`
export const GHCR = 'ghcr.io'
const GHCR_ADDRESS = '127.0.0.22'
/** What the emulator gives as ECR's password. */
export const ECR_PASSWORD = 'ministack-auth-token'
/** The job's own token, with which GHCR knows it. */
export const TOKEN = 'ghs_000000000000000000000000000000000000'
export const ACTOR = 'octocat'

/** The keys of the project, by the names of their files. */
export type ProjectKeys = Readonly<Record<'release-2025' | 'release-2026' | 'platform' | 'cosign', CosignKey>>

export interface ExampleBed {
  readonly bench: Workbench
  readonly ecr: Registry
  readonly keys: ProjectKeys
  /** The project with its Git history, and the actions in the folder {@link ACTIONS}. */
  readonly workspace: string
  /** Variables of the jobs. */
  readonly env: Readonly<Record<string, string>>
  /** Variables with credentials of the account {@link ACCOUNT}. */
  readonly awsEnv: Readonly<Record<string, string>>
  /** Makes an image and publishes it to ghcr.io, signed by this key or by nobody. */
  publish(name: string, key?: CosignKey, annotations?: string): Promise<string>
  /** Removes the containers of the compose project, and its network with the bridge. */
  takeDown(): Promise<void>
  stop(): Promise<void>
}

/** Where the workspace holds the actions that the examples name as `OWNER/finch-signing`. */
export const ACTIONS = '.finch-signing'

/** Starts everything. */
export async function startExampleBed(): Promise<ExampleBed> {
  const bench = await startWorkbench()
  const closing: (() => Promise<unknown>)[] = [bench.stop]
  try {
    return await startAround(bench, closing)
  } catch (error) {
    for (const close of closing) await close()
    throw error
  }
}

async function startAround(bench: Workbench, closing: (() => Promise<unknown>)[]): Promise<ExampleBed> {
  const { bed } = bench
  const certificate = await makeCertificate(join(bed.dir, 'token-tls'), [GHCR])
  const tls = { host: GHCR, address: GHCR_ADDRESS, certificate }
  const tokens = await startTokenService({ dir: bed.dir, username: ACTOR, password: TOKEN, isPublic: true, tls })
  closing.unshift(tokens.stop)
  const open = async (host: string, address: string, auth: Partial<Parameters<typeof startRegistry>[0]>) => {
    closing.unshift(await withHostName(host, address))
    const dir = join(bed.dir, `registry-${host}`)
    const registry = await startRegistry({
      dir,
      toolchain: bed.toolchain,
      port: 443,
      address,
      tls: true,
      host,
      ...auth,
    })
    closing.unshift(registry.stop)
    return registry
  }
  const ecr = await open(ECR, '127.0.0.21', { htpasswd: { username: 'AWS', password: ECR_PASSWORD } })
  const ghcr = await open(GHCR, GHCR_ADDRESS, { token: tokens.authority })
  await mkdir(join(bed.dir, 'aws'))
  const aws = await startAws(join(bed.dir, 'aws'))
  closing.unshift(aws.stop)
  const authorities = join(bed.dir, 'authorities.pem')
  const texts = await Promise.all([ecr.caFile, ghcr.caFile, certificate.ca].map((file = '') => readFile(file, 'utf8')))
  await writeFile(authorities, texts.join('\n'))
  const buildKit = await startBuildKit(join(bed.dir, 'buildkit'), bed.containerd, undefined, {
    SSL_CERT_FILE: authorities,
  })
  const finch = await bench.otherFinch('with-build', { buildKit })
  const tools = join(bed.dir, 'tools')
  await writeSudo(tools)
  await writeProgram(tools, 'apt-get', ['#!/bin/sh', `echo "A stand-in for apt-get $*: this machine stays as it is"`])
  const env = {
    HOME: bench.home,
    PATH: `${tools}:${finch.bin}:${process.env.PATH}`,
    SSL_CERT_FILE: authorities,
    // Names the network, whose bridge must be nobody else's.
    COMPOSE_PROJECT_NAME: `examples${randomBytes(4).toString('hex')}`,
    STAND_IN_AWS: aws.endpoint,
    STAND_IN_ECR_PASSWORD: ECR_PASSWORD,
  }
  const keys = await makeKeys(bench)
  const workspace = join(bed.dir, 'project')
  await makeProject(workspace, keys, await kmsKey(bench, aws))
  const publish: ExampleBed['publish'] = async (name, key, annotations = '') => {
    const image = await bed.makeImage({ name: `${GHCR}/${name}`, marker: name, runnable: true })
    if (key === undefined) {
      await bed.runFinch(['push', image.name], {
        env: { SSL_CERT_FILE: authorities, DOCKER_CONFIG: await login(bed.dir) },
      })
      return image.digest
    }
    const signing = { key: key.privatePem, 'key-password': key.password, annotations }
    const auth = { 'registry-auth': `- {registry: ${GHCR}, username: ${ACTOR}, password: ${TOKEN}}` }
    const done = await bench.sign({ image: image.name, tags: image.name, ...auth, ...signing }, { env, finch })
    if (done.conclusion !== 'success') throw new Error(JSON.stringify(done.annotations))
    return image.digest
  }
  const takeDown = async (): Promise<void> => {
    const { stdout } = await bed.nerdctl(['ps', '--all', '--quiet'])
    const ids = stdout.split('\n').filter(Boolean)
    if (ids.length > 0) await bed.nerdctl(['rm', '--force', ...ids])
    await runAsRoot([finch.path, 'network', 'rm', `${env.COMPOSE_PROJECT_NAME}_default`])
  }
  return {
    takeDown,
    bench,
    ecr,
    keys,
    workspace,
    env,
    awsEnv: aws.env(ACCOUNT, REGION),
    publish,
    stop: () => stopAll(closing),
  }
}

/** A folder with Docker's configuration for ghcr.io. */
async function login(dir: string): Promise<string> {
  const folder = join(dir, 'docker-of-somebody')
  await mkdir(folder, { recursive: true })
  const auth = Buffer.from(`${ACTOR}:${TOKEN}`).toString('base64')
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [GHCR]: { auth } } }))
  return folder
}

async function stopAll(closing: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closing) await close()
}

/** sudo keeps a PATH of its own, on which the bed's Finch is not. */
async function writeSudo(folder: string): Promise<void> {
  await mkdir(folder)
  const lines = [
    '#!/usr/bin/env bash',
    '# sudo, with the PATH of its caller.',
    'while [[ $1 == --preserve-env=* || $1 == -E ]]; do shift; done',
    'if ((EUID == 0)); then exec "$@"; fi',
    'exec /usr/bin/sudo --preserve-env env "PATH=$PATH" "$@"',
  ]
  await writeProgram(folder, 'sudo', lines)
}

async function writeProgram(folder: string, name: string, lines: readonly string[]): Promise<void> {
  await writeFile(join(folder, name), `${lines.join('\n')}\n`)
  await chmod(join(folder, name), 0o755)
}

async function makeKeys({ bed }: Workbench): Promise<ProjectKeys> {
  const names = ['release-2025', 'release-2026', 'platform', 'cosign'] as const
  const made = await Promise.all(names.map(async (name) => [name, await bed.keys.cosign(name, `${name}-password`)]))
  return Object.fromEntries(made) as ProjectKeys
}

/** The public half of the KMS key that the examples sign with. */
async function kmsKey({ bed }: Workbench, aws: Aws): Promise<string> {
  await aws.createKey({ alias: 'release', account: ACCOUNT, region: REGION })
  return (await bed.cosign(['public-key', '--key=awskms:///alias/release'], aws.env(ACCOUNT, REGION))).stdout
}

async function makeProject(workspace: string, keys: ProjectKeys, releaseKey: string): Promise<void> {
  await cp(join(ROOT, 'examples', 'project'), workspace, { recursive: true })
  for (const part of ['sign', 'verify', 'scripts', 'dist', 'action.yml'])
    await cp(join(ROOT, part), join(workspace, ACTIONS, part), { recursive: true })
  await mkdir(join(workspace, 'keys'))
  const { cosign, ...others } = keys
  await writeFile(join(workspace, 'cosign.pub'), cosign.publicPem)
  await writeFile(join(workspace, 'keys', 'release.pub'), releaseKey)
  for (const [name, { publicPem }] of Object.entries(others))
    await writeFile(join(workspace, 'keys', `${name}.pub`), publicPem)
  await git(workspace, 'init', '-q', '-b', 'main')
  await git(workspace, 'remote', 'add', 'origin', 'https://github.com/team/web.git')
  await git(workspace, 'add', '-A')
  await git(workspace, 'commit', '-qm', 'The project')
}

/** Git in the project, as somebody. */
export async function git(workspace: string, ...args: string[]): Promise<string> {
  const somebody = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false']
  return (await run('git', [...somebody, ...args], { cwd: workspace })).stdout.trim()
}
