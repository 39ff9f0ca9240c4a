/**
 * Those who read signatures in clusters and on hosts: their own code, each behind a small program of ours that answers
 * questions about images and policies.
 */
import { run } from '../process'
import { buildOwn, type Log } from './toolchain'

/** What a verifier says about one question. */
export interface Answer {
  readonly passed: boolean
  /** Policies that are refused as such (policy-controller). */
  readonly invalid?: boolean
  readonly why: string
}

export interface ClusterQuestion {
  /** ClusterImagePolicies. */
  readonly policy?: string
  /** In place of a policy: only whether it fits the name. */
  readonly glob?: string
  readonly image: string
}

export interface HostQuestion {
  /** A policy.json. */
  readonly policy: string
  readonly image: string
  /** Folder with registries.d files. */
  readonly registries?: string
  /** Only whether a requirement that needs no signature lets the name through. */
  readonly nameOnly?: boolean
}

export interface KyvernoQuestion {
  readonly image: string
  /** PEM. */
  readonly key: string
  /** `type: SigstoreBundle`. */
  readonly bundle?: boolean
  /** `signatureAlgorithm`; sha256 where it is left out. */
  readonly algorithm?: 'sha384'
}

export interface Verifiers {
  /** Sigstore's policy-controller. */
  cluster(questions: readonly ClusterQuestion[]): Promise<Answer[]>
  /** The library of podman, CRI-O, skopeo and bootc. */
  host(questions: readonly HostQuestion[]): Promise<Answer[]>
  kyverno(questions: readonly KyvernoQuestion[]): Promise<Answer[]>
}

const CONTAINERS_IMAGE_TAGS = [
  'containers_image_openpgp',
  'containers_image_storage_stub',
  'containers_image_docker_daemon_stub',
]

let programs: Promise<readonly string[]> | undefined

/** Builds or finds the three; a cold build takes minutes, so that only the tests that need them wait for it. */
export async function prepareVerifiers({ log = () => undefined }: { log?: Log } = {}): Promise<Verifiers> {
  programs ??= buildAll(log)
  const [host = '', cluster = '', kyverno = ''] = await programs
  return {
    host: (questions) => ask(host, questions),
    cluster: (questions) => ask(cluster, questions),
    kyverno: (questions) => ask(kyverno, questions),
  }
}

/** One after the other: each build uses every core. */
async function buildAll(log: Log): Promise<readonly string[]> {
  return [
    await buildOwn('containers-image', log, CONTAINERS_IMAGE_TAGS),
    await buildOwn('policy-controller', log),
    await buildOwn('kyverno', log),
  ]
}

async function ask(program: string, questions: readonly unknown[]): Promise<Answer[]> {
  const env = { PATH: process.env.PATH, HOME: '/nonexistent', SYSTEM_NAMESPACE: 'cosign-system' }
  const { stdout } = await run(program, [], { input: JSON.stringify(questions), env, timeoutMs: 120_000 })
  return JSON.parse(stdout) as Answer[]
}
