/**
 * The suite's own policy as a policy.json of containers/image.
 */
import type { SignatureRule } from '../rule'
import { keysOf } from '../signer'
import type { ExportedPolicy, LoadedRule } from './exported'
import { splitPattern } from './pattern'

const REJECT = [{ type: 'reject' }]

/** Each pattern as a scope; rules that come first are the narrower ones, and the most specific scope wins. */
export function hostPolicyOf(rules: readonly LoadedRule[]): Omit<ExportedPolicy, 'name'> {
  const notes: string[] = []
  const scopes = new Map<string, readonly object[]>()
  let fallback: readonly object[] = REJECT
  for (const rule of rules) {
    const requirements = requirementsOf(rule, notes)
    for (const pattern of rule.written.patterns) {
      const scope = scopeOf(pattern)
      const name = `rule ${rule.written.number}`
      if (scope === undefined) notes.push(`${name}: the pattern ${pattern} has no equal; such images are refused.`)
      else if (scope.name === '') fallback = requirements
      else if (!scopes.has(scope.name)) {
        scopes.set(scope.name, requirements)
        if (scope.note !== undefined) notes.push(`${name}: the pattern ${pattern}: ${scope.note}.`)
      }
    }
  }
  const policy = { default: fallback, transports: { docker: Object.fromEntries(scopes) } }
  return { text: `${JSON.stringify(policy, null, 2)}\n`, notes }
}

interface Scope {
  /** Empty: every image. */
  readonly name: string
  /** Where it is wider than the pattern. */
  readonly note?: string
}

function scopeOf(pattern: string): Scope | undefined {
  const { repository, tag } = splitPattern(pattern)
  if (repository === '**' && tag === undefined) return { name: '' }
  if (!repository.includes('*')) {
    if (tag !== undefined) return tag.includes('*') ? undefined : { name: `${repository}:${tag}` }
    return { name: repository, note: 'the scope also holds the repositories below it' }
  }
  if (tag !== undefined) return undefined
  const folder = /^([^*]+)\/\*\*$/.exec(repository)?.[1]
  if (folder !== undefined)
    return folder.includes('/')
      ? { name: folder, note: 'the scope also holds the repository of that name' }
      : { name: folder }
  const domain = /^(\*\.[^*/:]+)\/\*\*$/.exec(repository)?.[1]
  return domain === undefined ? undefined : { name: domain }
}

function requirementsOf({ written, loaded }: LoadedRule, notes: string[]): readonly object[] {
  const name = `rule ${written.number}`
  if (loaded.kind === 'unsigned') {
    if (loaded.expires !== undefined) notes.push(`${name}: take its scopes away after ${loaded.expires}.`)
    return [{ type: 'insecureAcceptAnything' }]
  }
  if (loaded.kind !== 'signed') return REJECT
  const why = withoutEqual(loaded)
  if (why !== undefined) {
    notes.push(`${name}: ${why} has no equal; such images are refused.`)
    return REJECT
  }
  const keys = keysOf(loaded.signers).map(({ pem }) => Buffer.from(pem).toString('base64'))
  if (keys.length < loaded.signers.length) notes.push(`${name}: its identities have no equal; only its keys count.`)
  if (loaded.mode === 'warn') notes.push(`${name}: mode: warn has no equal; it is enforced.`)
  if (loaded.log === 'required')
    notes.push(`${name}: the transparency log is not asked; add rekorPublicKeyPath with the key of yours.`)
  const common = { type: 'sigstoreSigned', signedIdentity: { type: 'matchRepository' } }
  if (loaded.threshold === 1) return [{ ...common, keyDatas: keys }]
  return keys.map((keyData) => ({ ...common, keyData }))
}

function withoutEqual({ annotations, attestations = [], threshold, signers }: SignatureRule): string | undefined {
  const keys = keysOf(signers).length
  if (Object.keys(annotations).length > 0) return 'the requirement of annotations'
  if (attestations.length > 0) return 'the requirement of attestations next to the signature'
  if (keys === 0) return 'a rule of identities alone'
  if (threshold === 1) return undefined
  return threshold === signers.length && keys === signers.length
    ? undefined
    : `a threshold of ${threshold} of ${signers.length}`
}
