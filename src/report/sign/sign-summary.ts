import { consoleAddress } from '../../domain/image/ecr-host'
import { describe, digestOf } from '../../domain/keys/key-algorithm'
import type { PublicKey } from '../../domain/keys/public-key'
import { PUBLIC_LOG_ID } from '../../domain/signatures/transparency-log'
import type { PublishedImage, Signature } from '../../domain/verification/result'
import type { SignatureForm } from '../../domain/verification/verifiers'
import { admission } from '../admission'
import { keyName } from '../key-name'
import { type CheckOptions, cosignVerifyLine, finchPullLine, TRUSTED_ROOT_FILE, writeKey } from '../manual-check'
import { code, count, details, joinParts, link, shell, short, table } from '../markdown'

/** An image that was published, as its summary needs it: signatures may say which log their entry is in. */
export type SummaryImage = Omit<PublishedImage, 'signatures'> & { readonly signatures: readonly SummarySignature[] }
type SummarySignature = Signature & { readonly logId?: string | null }

/** Rows that a reader still takes in. */
const ROW_LIMIT = 200
/** Images that the commands are shown for; those of the others are the same but for the name. */
const COMMAND_LIMIT = 20

/** The summary of `sign`: verdict, images, keys, and the commands with which anybody can check it. */
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
    details('Keys and signatures', `${keyTable(keys)}\n\n${signatureTable(shown)}`),
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
  return `✅ ${what} signed by ${count(keys.length, 'key')}${old}, and published as ${count(tags, 'tag')}`
}

function row({ repository, digest, tags, signatures }: SummaryImage, keys: readonly PublicKey[]): string[] {
  const address = consoleAddress(repository, digest)
  const shownDigest = code(short(digest))
  const signers = [...new Set(signatures.map(({ keyFingerprint }) => keyFingerprint))]
  return [
    code(repository),
    tags.map(code).join(' '),
    address === undefined ? shownDigest : link(shownDigest, address),
    signers.map((fingerprint) => signer(fingerprint, keys)).join('<br>'),
    [...new Set(signatures.map(logEntry))].join('<br>'),
  ]
}

/** A key by its name where it has one, and the first digits of its fingerprint. */
function signer(fingerprint: string, keys: readonly PublicKey[]): string {
  const key = keys.find((one) => one.fingerprint === fingerprint)
  return [...(key === undefined ? [] : [keyName(key)]), code(short(fingerprint))].join(' ')
}

function logEntry({ logIndex, logId }: SummarySignature): string {
  if (logIndex === null) return 'not used'
  const text = `entry ${logIndex}`
  return logId === PUBLIC_LOG_ID ? link(text, `https://search.sigstore.dev/?logIndex=${logIndex}`) : text
}

function keyTable(keys: readonly PublicKey[]): string {
  const rows = keys.map((key) => [keyName(key), describe(key.algorithm), code(key.fingerprint)])
  return table(['Key', 'Type', 'Fingerprint (SHA-256 of the public key)'], rows)
}

function signatureTable(images: readonly SummaryImage[]): string {
  const rows = images.flatMap(({ repository, digest, signatures, alreadySigned }) =>
    signatures.map((one) => [
      `${code(`${repository}@${digest}`)}`,
      code(short(one.keyFingerprint)),
      one.format,
      code(one.digest),
      alreadySigned ? 'was there' : 'new',
    ]),
  )
  return table(['Signed', 'Key', 'Format', 'Signature', ''], rows)
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
  const own = options.log === 'own' ? ` \`${TRUSTED_ROOT_FILE}\` is the trusted root of your Sigstore.` : ''
  return [
    'The public half of what has signed; compare it with the one that you know.',
    shell(named.flatMap(({ key, file }) => writeKey(file, key))),
    `With cosign 3.0.4 or later:${own}`,
    shell(calls(cosignVerifyLine)),
    'With Finch on Linux, which pulls what it has verified:',
    shell(calls(finchPullLine)),
    ...(images.length > COMMAND_LIMIT ? [`The commands of the other images differ in the name only.`] : []),
  ].join('\n\n')
}
