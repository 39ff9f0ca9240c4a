/**
 * Host names of Amazon ECR: private registries in every partition, with FIPS endpoints and dual stack, and the public one.
 */
export type EcrHost =
  | {
      readonly kind: 'private'
      /** Absent in the name of an endpoint in a VPC, which serves the account of the credentials. */
      readonly account?: string
      readonly region: string
    }
  | { readonly kind: 'public' }

const DOMAINS = [
  'amazonaws\\.com',
  'amazonaws\\.com\\.cn',
  'amazonaws\\.eu',
  'on\\.aws',
  'on\\.amazonwebservices\\.com\\.cn',
  'on\\.amazonwebservices\\.eu',
  'c2s\\.ic\\.gov',
  'sc2s\\.sgov\\.gov',
  'cloud\\.adc-e\\.uk',
  'csp\\.hci\\.ic\\.gov',
]
const PRIVATE = new RegExp(
  `^([0-9]{12})\\.dkr[.-]ecr(?:-fips)?\\.([a-z]{2,4}(?:-[a-z]+)+-[0-9]+)\\.(?:${DOMAINS.join('|')})(?::[0-9]+)?$`,
)
/** An interface endpoint in a VPC under its own name, with or without the zone behind its id. */
const ENDPOINT =
  /^(?:([0-9]{12})\.)?vpce-[0-9a-z]+-[0-9a-z]+(?:-[a-z0-9-]+)?\.dkr\.ecr(?:-fips)?\.([a-z]{2,4}(?:-[a-z]+)+-[0-9]+)\.vpce\.amazonaws\.com(?:\.cn)?(?::[0-9]+)?$/
const PUBLIC = /^(?:public\.ecr\.aws|ecr-public\.aws\.com)$/

/** Consoles by region and host. */
const CONSOLES: readonly (readonly [RegExp, string])[] = [
  [/^us-gov-\S+ \S+\.(amazonaws\.com|on\.aws)$/, 'console.amazonaws-us-gov.com'],
  [/^cn-\S+ \S+\.(amazonaws\.com\.cn|on\.amazonwebservices\.com\.cn)$/, 'console.amazonaws.cn'],
  [/^\S+ \S+\.(amazonaws\.com|on\.aws)$/, 'console.aws.amazon.com'],
]

/** What a registry host is in ECR; undefined for every other registry. */
export function parseEcrHost(host: string): EcrHost | undefined {
  if (PUBLIC.test(host)) return { kind: 'public' }
  const [, account, region] = PRIVATE.exec(host) ?? ENDPOINT.exec(host) ?? []
  if (region === undefined) return undefined
  return { kind: 'private', region, ...(account === undefined ? {} : { account }) }
}

/** Where the web console shows an image (`repository` with its host); undefined where there is no such page. */
export function consoleAddress(repository: string, digest: string): string | undefined {
  const [host = '', ...parts] = repository.split('/')
  const path = parts.join('/')
  const ecr = parseEcrHost(host)
  if (ecr?.kind === 'public') return `https://gallery.ecr.aws/${path}`
  const domain = CONSOLES.find(([suffix]) => ecr !== undefined && suffix.test(`${ecr.region} ${host}`))?.[1]
  if (ecr?.account === undefined || domain === undefined) return undefined
  const page = `ecr/repositories/private/${ecr.account}/${path}/_/image/${digest}/details?region=${ecr.region}`
  return `https://${ecr.region}.${domain}/${page}`
}
