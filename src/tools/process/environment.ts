import { ALLOWED, type FamilyName, isOf, ofFamilies, type ToolKind } from '../../domain/calls/tool-variables'
import type { Secrets } from './secrets'

/**
 * Variables of the job that reach not even what the project itself builds or runs: they would change what Finch does, or
 * belong to this action, the runner or Node. Credentials of clouds are withheld with them.
 */
const WITHHELD =
  /^(COSIGN|SIGSTORE|NERDCTL|TUF|REKOR|FULCIO|INPUT|ACTIONS|NODE)_|^(GITHUB_TOKEN|GH_TOKEN|REGISTRY_AUTH_FILE|DOCKER_AUTH_CONFIG|SESSION|BASH_ENV|ENV)$/
const CLOUDS: readonly FamilyName[] = ['aws', 'google', 'azure', 'vault']

/** A key in the job's environment is kept from the tools also before an input has named it. */
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/

/** What sudo hands on to Finch besides the variables granted here. */
const KEPT_FOR_ROOT: readonly FamilyName[] = ['containerd', 'network']

export type Environment = Readonly<Record<string, string>>

/**
 * For programs in Go that end at once: without it their start alone collects garbage several times, which is a quarter of
 * the processor's time that it takes (docs/performance.md). A job's own setting counts.
 */
export const SHORT_LIVED: Environment = { GOGC: '400' }

/**
 * The environment of a tool: what its kind is allowed of the job's variables, without any that holds a private key or a
 * registered secret, then `granted` on top.
 */
export function toolEnvironment(
  tool: ToolKind,
  job: NodeJS.ProcessEnv,
  secrets: Secrets,
  granted: Environment = {},
): Environment {
  return { ...withoutSecrets(ofFamilies(job, ALLOWED[tool]), secrets), ...granted }
}

/**
 * The environment of what the project itself builds and runs: the job's own, without what is withheld and without any
 * variable that holds a private key or a registered secret, then `granted` on top.
 */
export function jobVariables(job: NodeJS.ProcessEnv, secrets: Secrets, granted: Environment = {}): Environment {
  const inherited = Object.entries(job).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined && !WITHHELD.test(entry[0]) && !isOf(entry[0], CLOUDS)
  })
  return { ...withoutSecrets(Object.fromEntries(inherited), secrets), ...granted }
}

function withoutSecrets(variables: Environment, secrets: Secrets): Environment {
  const harmless = Object.entries(variables).filter(([, value]) => !PRIVATE_KEY.test(value) && !secrets.isIn(value))
  return Object.fromEntries(harmless)
}

/** The names that `sudo --preserve-env` has to keep: of the granted variables and of those every root call needs. */
export function namesForRoot(environment: Environment, granted: Environment): string[] {
  return [...new Set([...Object.keys(ofFamilies(environment, KEPT_FOR_ROOT)), ...Object.keys(granted)])]
}
