/**
 * Host names of Amazon ECR: private registries in every partition, with FIPS endpoints and dual stack, and the public one.
 */
export type EcrHost =
  | { readonly kind: 'private'; readonly account: string; readonly region: string }
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
const PUBLIC = /^(?:public\.ecr\.aws|ecr-public\.aws\.com)$/

/** What a registry host is in ECR; undefined for every other registry. */
export function parseEcrHost(host: string): EcrHost | undefined {
  if (PUBLIC.test(host)) return { kind: 'public' }
  const [, account, region] = PRIVATE.exec(host) ?? []
  return account === undefined || region === undefined ? undefined : { kind: 'private', account, region }
}
