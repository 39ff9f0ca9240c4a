import type { Secrets } from './secrets'

/**
 * Variables of the job that would change what the tools do, or that are none of their business: every option of cosign
 * is a variable (docs/environment.md), and credentials go only to the call that needs them.
 */
const WITHHELD =
  /^(COSIGN|SIGSTORE|NERDCTL|TUF|REKOR|FULCIO|INPUT|ACTIONS|AWS|AZURE|IDENTITY|MSI|VAULT|GOOGLE|CLOUDSDK|GCE|NODE)_|^(GITHUB_TOKEN|GH_TOKEN|REGISTRY_AUTH_FILE|DOCKER_AUTH_CONFIG|TRANSIT_SECRET_ENGINE_PATH|SESSION|BASH_ENV|ENV)$/

/** A key in the job's environment is kept from the tools also before an input has named it. */
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/

/** Those that sudo hands on to Finch besides the variables set here: where containerd is, proxies, trusted CAs. */
const KEPT_FOR_ROOT = [
  'CONTAINERD_ADDRESS',
  'CONTAINERD_NAMESPACE',
  'CONTAINERD_SNAPSHOTTER',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]

export type Environment = Readonly<Record<string, string>>

/**
 * For programs in Go that end at once: without it their start alone collects garbage several times, which is a quarter of
 * the processor's time that it takes (docs/performance.md). A job's own setting counts.
 */
export const SHORT_LIVED: Environment = { GOGC: '400' }

/**
 * The environment of a tool: the job's own, without what is withheld and without any variable that holds a private key
 * or a registered secret, then `granted` on top.
 */
export function toolEnvironment(job: NodeJS.ProcessEnv, secrets: Secrets, granted: Environment): Environment {
  const inherited = Object.entries(job).filter((entry): entry is [string, string] => {
    const [name, value] = entry
    return value !== undefined && !WITHHELD.test(name) && !PRIVATE_KEY.test(value) && !secrets.isIn(value)
  })
  return { ...Object.fromEntries(inherited), ...granted }
}

/** The names that `sudo --preserve-env` has to keep: of the granted variables and of those every root call needs. */
export function namesForRoot(environment: Environment, granted: Environment): string[] {
  return [...new Set([...KEPT_FOR_ROOT.filter((name) => environment[name] !== undefined), ...Object.keys(granted)])]
}
