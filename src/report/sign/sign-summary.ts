import { typeName } from '../../domain/attestations/predicate-type'
import { consoleAddress } from '../../domain/image/ecr-host'
import { describe, digestOf } from '../../domain/keys/key-algorithm'
import type { PublicKey } from '../../domain/keys/public-key'
import { PUBLIC_LOG_ID } from '../../domain/signatures/transparency-log'
import type { PublishedImage, Signature } from '../../domain/verification/result'
import type { CertifiedIdentity } from '../../domain/verification/signer'
import type { SignatureForm } from '../../domain/verification/verifiers'
import { admission } from '../admission'
import { keyName } from '../key-name'
import {
  attestationLine,
  type CheckOptions,
  cosignVerifyLine,
  finchPullLine,
  identityVerifyLine,
  type LogUsed,
  TRUSTED_ROOT_FILE,
  writeKey,
} from '../manual-check'
import { code, count, details, joinParts, link, shell, short, table } from '../markdown'

/** An image that was published, as its summary needs it: signatures may say which log their entry is in. */
export type SummaryImage = Omit<PublishedImage, 'signatures'> & { readonly signatures: readonly SummarySignature[] }
type SummarySignature = Signature & { readonly logId?: string | null }

/** Rows that a reader still takes in. */
const ROW_LIMIT = 200
/** Images that the commands are shown for; those of the others are the same but for the name. */
const COMMAND_LIMIT = 20

/**
 * The summary of `sign`: verdict, images, keys or identities, and the commands with which anybody can check it.
 * @param keys those that have signed; none where an identity has
 */
export function signSummary(
  images: readonly SummaryImage[],
  keys: readonly PublicKey[],
  options: CheckOptions = { log: 'none' },
): string {
  const shown = images.slice(0, ROW_LIMIT)
  const rows = shown.map((image) => row(image, keys))
  const left = images.length - shown.length
  return joinParts([
    `### ${verdict(images, keys)}`,
    table(['Image', 'Tags', 'Digest', 'Signed by', 'Transparency log'], rows),
    ...(left > 0 ? [`… and ${count(left, 'more image')}.`] : []),
    ...admission(images.map((image) => ({ name: nameOf(image), forms: formsOf(image, keys, options.log !== 'none') }))),
    details('Keys and signatures', `${signerTable(images, keys)}\n\n${signatureTable(shown)}`),
    ...attestationSection(shown),
    details('Check it yourself', checks(images, keys, options)),
  ])
}

const nameOf = ({ repository, digest }: SummaryImage): string => `${repository}@${short(digest)}`

/** Of the older form nothing says where its log entry is, but there is one whenever a log is used. */
function formsOf({ signatures }: SummaryImage, keys: readonly PublicKey[], isLogged: boolean): SignatureForm[] {
  return signatures.map(({ format, keyFingerprint }) => {
    const key = keys.find(({ fingerprint }) => fingerprint === keyFingerprint)
    const by = keyFingerprint === '' ? 'identity' : 'key'
    return { format, by, isLogged, isSha384: key !== undefined && digestOf(key.algorithm) === 'sha384' }
  })
}

function verdict(images: readonly SummaryImage[], keys: readonly PublicKey[]): string {
  const what = `${count(images.length, 'image')}`
  const added = images.filter((image) => !image.alreadySigned).length
  if (added === 0) return `✅ ${what} signed already, nothing to add`
  const old = added < images.length ? `, ${images.length - added} of them before` : ''
  const tags = images.reduce((sum, image) => sum + image.tags.length, 0)
  const by = keys.length === 0 ? 'without a key, by the identity of the job' : `by ${count(keys.length, 'key')}`
  if (tags === 0) return `✅ ${what} signed ${by}${old}, in place`
  return `✅ ${what} signed ${by}${old}, and published as ${count(tags, 'tag')}`
}

function row({ repository, digest, tags, signatures }: SummaryImage, keys: readonly PublicKey[]): string[] {
  const address = consoleAddress(repository, digest)
  const shownDigest = code(short(digest))
  const signers = [...new Set(signatures.map((one) => signer(one, keys)))]
  return [
    code(repository),
    tags.map(code).join(' '),
    address === undefined ? shownDigest : link(shownDigest, address),
    signers.join('<br>'),
    [...new Set(signatures.map(logEntry))].join('<br>'),
  ]
}

/** A key by its name where it has one, and the first digits of its fingerprint; an identity by its subject. */
function signer({ keyFingerprint: fingerprint, identity }: SummarySignature, keys: readonly PublicKey[]): string {
  if (identity !== null) return code(identity.subject)
  const key = keys.find((one) => one.fingerprint === fingerprint)
  return [...(key === undefined ? [] : [keyName(key)]), code(short(fingerprint))].join(' ')
}

function logEntry({ logIndex, logId }: SummarySignature): string {
  if (logIndex === null) return 'not used'
  const text = `entry ${logIndex}`
  return logId === PUBLIC_LOG_ID ? link(text, `https://search.sigstore.dev/?logIndex=${logIndex}`) : text
}

function signerTable(images: readonly SummaryImage[], keys: readonly PublicKey[]): string {
  if (keys.length === 0) {
    const rows = identitiesOf(images).map(({ subject, issuer }) => [code(subject), code(issuer)])
    return table(['Identity in the certificate', 'Issuer that vouches for it'], rows)
  }
  const rows = keys.map((key) => [keyName(key), describe(key.algorithm), code(key.fingerprint)])
  return table(['Key', 'Type', 'Fingerprint (SHA-256 of the public key)'], rows)
}

/** Each identity that has signed, once. */
function identitiesOf(images: readonly SummaryImage[]): CertifiedIdentity[] {
  const found = images.flatMap(({ signatures }) => signatures.flatMap(({ identity }) => identity ?? []))
  return [...new Map(found.map((one) => [`${one.subject} ${one.issuer}`, one])).values()]
}

function signatureTable(images: readonly SummaryImage[]): string {
  const rows = images.flatMap(({ repository, digest, signatures, alreadySigned }) =>
    signatures.map((one) => [
      `${code(`${repository}@${digest}`)}`,
      one.identity === null ? code(short(one.keyFingerprint)) : 'certificate',
      one.format,
      code(one.digest),
      alreadySigned ? 'was there' : 'new',
    ]),
  )
  return table(['Signed', 'Key', 'Format', 'Signature', ''], rows)
}

/** What is attested, where anything is. */
function attestationSection(images: readonly SummaryImage[]): string[] {
  const rows = images.flatMap(({ repository, digest, attestations }) =>
    attestations.map((one) => [code(`${repository}@${digest}`), typeName(one.type), code(one.digest)]),
  )
  return rows.length === 0 ? [] : [details('Attestations', table(['Image', 'Type', 'Attestation'], rows))]
}

/** Each type once, by one key: with the others just the file differs. */
function attestationChecks(
  images: readonly SummaryImage[],
  key: PublicKey | undefined,
  file: string,
  log: LogUsed,
): string[] {
  if (key === undefined) return []
  const lines = images.slice(0, COMMAND_LIMIT).flatMap(({ repository, digest, attestations }) => {
    const types = [...new Set(attestations.map(({ type }) => type))]
    return types.map((type) => attestationLine(cosignVerifyLine(`${repository}@${digest}`, file, key, { log }), type))
  })
  return lines.length === 0 ? [] : ['The attestations, which cosign prints as envelopes:', shell(lines)]
}

function checks(images: readonly SummaryImage[], keys: readonly PublicKey[], options: CheckOptions): string {
  const named = keys.map((key, index) => ({ key, file: keys.length === 1 ? 'cosign.pub' : `cosign-${index + 1}.pub` }))
  const calls = (make: typeof cosignVerifyLine): string[] =>
    images
      .slice(0, COMMAND_LIMIT)
      .flatMap(({ repository, digest, signatures }) =>
        named
          .filter(({ key }) => signatures.some(({ keyFingerprint }) => keyFingerprint === key.fingerprint))
          .map(({ key, file }) => make(`${repository}@${digest}`, file, key, options)),
      )
  if (keys.length === 0) return identityChecks(images, options)
  const own = options.log === 'own' ? ` \`${TRUSTED_ROOT_FILE}\` is the trusted root of your Sigstore.` : ''
  const place = options.signatureRepository
  const kept = place === undefined ? '' : ` The signatures are kept in ${code(place)}, under the digests of the images.`
  const finch = place === undefined || images.some(hasOlderForm) ? calls(finchPullLine) : []
  return [
    'The public half of what has signed; compare it with the one that you know.',
    shell(named.flatMap(({ key, file }) => writeKey(file, key))),
    `With cosign 3.0.4 or later:${own}${kept}`,
    shell(calls(cosignVerifyLine)),
    ...attestationChecks(images, named[0]?.key, named[0]?.file ?? '', options.log),
    ...(finch.length === 0 ? [] : ['With Finch on Linux, which pulls what it has verified:', shell(finch)]),
    ...(images.length > COMMAND_LIMIT ? [`The commands of the other images differ in the name only.`] : []),
  ].join('\n\n')
}

function identityChecks(images: readonly SummaryImage[], options: CheckOptions): string {
  const lines = images.slice(0, COMMAND_LIMIT).flatMap((image) =>
    identitiesOf([image]).map(({ subject, issuer }) => {
      const identity = { subject: { exact: subject }, issuer }
      return identityVerifyLine(`${image.repository}@${image.digest}`, identity, options)
    }),
  )
  const attested = images.slice(0, COMMAND_LIMIT).flatMap(({ repository, digest, signatures, attestations }) => {
    const [first] = signatures.flatMap(({ identity }) => identity ?? [])
    if (first === undefined) return []
    const identity = { subject: { exact: first.subject }, issuer: first.issuer }
    const line = identityVerifyLine(`${repository}@${digest}`, identity, { log: options.log })
    return [...new Set(attestations.map(({ type }) => type))].map((type) => attestationLine(line, type))
  })
  const own = options.log === 'own' ? ` \`${TRUSTED_ROOT_FILE}\` is the trusted root of your Sigstore.` : ''
  return [
    'Who has signed stands in the certificate: compare repository, workflow and branch or tag with what you expect.',
    `With cosign 3.0.4 or later:${own}`,
    shell(lines),
    ...(attested.length === 0 ? [] : ['The attestations, which cosign prints as envelopes:', shell(attested)]),
    ...(images.length > COMMAND_LIMIT ? [`The commands of the other images differ in the name only.`] : []),
  ].join('\n\n')
}

/** Only this form is found by every cosign that Finch may call where signatures are kept in a repository of their own. */
function hasOlderForm({ signatures }: SummaryImage): boolean {
  return signatures.some(({ format }) => format === 'legacy')
}
