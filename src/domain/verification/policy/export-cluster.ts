/**
 * The suite's own policy as ClusterImagePolicies.
 */

import { stringify } from 'yaml'
import { digestOf } from '../../keys/key-algorithm'
import type { Identity } from '../identity-pattern'
import type { SignatureRule } from '../rule'
import type { Signer } from '../signer'
import type { ExportedPolicy, LoadedRule } from './exported'
import { includesPattern, splitPattern } from './pattern'

const API_VERSION = 'policy.sigstore.dev/v1beta1'
const PUBLIC_REKOR = 'https://rekor.sigstore.dev'
const PUBLIC_FULCIO = 'https://fulcio.sigstore.dev'

const HEAD = [
  'Every policy that fits an image has to be satisfied, and an image that none fits is refused where the cluster',
  'has no-match-policy: deny. policy-controller reads signatures by keys in the older form only:',
  'sign with "signature-format: both".',
]

interface Piece {
  readonly name: string
  readonly authorities: readonly object[]
}

/** One policy for each rule; several where more than one key must have signed. */
export function clusterPolicyOf(rules: readonly LoadedRule[]): Omit<ExportedPolicy, 'name'> {
  const notes: string[] = []
  const texts = rules.flatMap((rule, index) => {
    const own = rules.slice(0, index).flatMap((earlier) => alsoFitted(rule, earlier))
    const globs = globsOf(rule, own)
    const pieces = globs.length === 0 ? [] : piecesOf(rule, own)
    notes.push(...own)
    const comment = own.map((note) => `# ${note}\n`).join('')
    if (pieces.length === 0) return comment === '' ? [] : [comment]
    return pieces.map(({ name, authorities }) => {
      const mode = rule.written.mode === undefined ? {} : { mode: rule.written.mode }
      const spec = { ...mode, images: globs.map((glob) => ({ glob })), authorities }
      return `${comment}${stringify({ apiVersion: API_VERSION, kind: 'ClusterImagePolicy', metadata: { name }, spec })}`
    })
  })
  return { text: `${HEAD.map((line) => `# ${line}\n`).join('')}${texts.join('---\n')}`, notes }
}

/** Here the first rule counts, in the cluster both do. */
function alsoFitted({ written }: LoadedRule, earlier: LoadedRule): string[] {
  const isWider = earlier.written.patterns.some((narrow) =>
    written.patterns.some((wide) => includesPattern(wide, narrow)),
  )
  if (!isWider) return []
  return [`rule ${written.number}: images of rule ${earlier.written.number} have to satisfy this one too.`]
}

function globsOf({ written }: LoadedRule, notes: string[]): string[] {
  const name = `rule ${written.number}`
  return written.patterns.flatMap((pattern) => {
    const { repository, tag } = splitPattern(pattern)
    if (tag !== undefined) {
      notes.push(
        `${name}: the pattern ${pattern} has no equal, since tags play no part in the cluster; it is left out.`,
      )
      return []
    }
    if (/[^a-zA-Z0-9\-_:/*.]/.test(repository)) {
      notes.push(`${name}: the pattern ${pattern} has no equal; it is left out.`)
      return []
    }
    return [`${repository.replace(/^docker\.io\//, 'index.docker.io/')}@*`]
  })
}

function piecesOf({ written, loaded }: LoadedRule, notes: string[]): Piece[] {
  const name = `rule-${written.number}`
  if (loaded.kind === 'unsigned') {
    if (loaded.expires !== undefined) notes.push(`rule ${written.number}: take it away after ${loaded.expires}.`)
    notes.push(`rule ${written.number}: unsigned images are let through: ${oneLine(loaded.reason)}.`)
    return [{ name, authorities: [{ static: { action: 'pass' } }] }]
  }
  if (loaded.kind !== 'signed') return [closed(name, `rule ${written.number} has no equal`)]
  const why = withoutEqual(loaded)
  if (why !== undefined) {
    notes.push(`rule ${written.number}: ${why} has no equal; such images are refused.`)
    return [closed(name, `rule ${written.number}: ${why} has no equal in a ClusterImagePolicy`)]
  }
  const parties = loaded.signers.map((signer) => authoritiesOf(signer, loaded.log))
  if (loaded.threshold === 1) return [{ name, authorities: parties.flat() }]
  return parties.map((authorities, index) => ({ name: `${name}-${index + 1}`, authorities }))
}

function withoutEqual({ annotations, attestations = [], threshold, signers }: SignatureRule): string | undefined {
  if (Object.keys(annotations).length > 0) return 'the requirement of annotations'
  if (attestations.length > 0) return 'the requirement of attestations next to the signature'
  if (threshold !== 1 && threshold !== signers.length) return `a threshold of ${threshold} of ${signers.length}`
  return undefined
}

function closed(name: string, message: string): Piece {
  return { name, authorities: [{ static: { action: 'fail', message } }] }
}

/** A keyless signature counts in either form, for which policy-controller needs an authority each. */
function authoritiesOf(signer: Signer, log: SignatureRule['log']): object[] {
  const ctlog = log === 'required' ? { ctlog: { url: PUBLIC_REKOR } } : {}
  if (signer.kind === 'key') {
    const hash = digestOf(signer.key.algorithm) === 'sha384' ? { hashAlgorithm: 'sha384' } : {}
    return [{ key: { data: signer.key.pem, ...hash }, ...ctlog }]
  }
  const keyless = { url: PUBLIC_FULCIO, identities: [identityOf(signer.identity)] }
  return [
    { keyless, signatureFormat: 'bundle' },
    { keyless, ...ctlog },
  ]
}

function identityOf({ subject, issuer, isIssuerPattern }: Identity): object {
  const who = 'exact' in subject ? { subject: subject.exact } : { subjectRegExp: subject.pattern }
  return isIssuerPattern ? { issuerRegExp: issuer, ...who } : { issuer, ...who }
}

/** Nothing of a comment may begin a line of its own, whatever YAML takes for the end of one. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{C}]+/gu, ' ').trim()
}
