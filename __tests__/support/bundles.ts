import { sign } from 'node:crypto'
import { type KeyPair, publicHalf } from './keys'

const SIGNATURE_CLAIM = 'https://sigstore.dev/cosign/sign/v1'

export interface BundleOptions {
  readonly digest: string
  readonly signer: KeyPair
  readonly predicateType?: string
  readonly predicate?: unknown
  readonly annotations?: Readonly<Record<string, string>>
  /** What the bundle says about its key; that of `signer` where it is not given. */
  readonly hint?: string
  readonly payloadType?: string
  readonly logIndex?: string
  /** Changes the payload after it was signed. */
  readonly tamper?: (payload: string) => string
  readonly hash?: 'sha256' | 'sha384'
}

/** DSSE's pre-authentication encoding, written from its specification. */
function preAuthEncoding(type: string, payload: string): Buffer {
  return Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${Buffer.byteLength(payload)} ${payload}`)
}

/** A bundle as cosign 3 stores it, as JSON text. */
export function bundleText(options: BundleOptions): string {
  const { digest, signer, annotations, hash = 'sha256' } = options
  const payload = JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ digest: { sha256: digest.replace('sha256:', '') }, ...(annotations && { annotations }) }],
    predicateType: options.predicateType ?? SIGNATURE_CLAIM,
    predicate: options.predicate ?? {},
  })
  const payloadType = options.payloadType ?? 'application/vnd.in-toto+json'
  const signature = sign(hash, preAuthEncoding(payloadType, payload), signer.privateKey)
  const hint = options.hint ?? Buffer.from(publicHalf(signer).fingerprint, 'hex').toString('base64')
  const { logIndex } = options
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      publicKey: { hint },
      ...(logIndex === undefined ? {} : { tlogEntries: [logEntry(logIndex)] }),
    },
    dsseEnvelope: {
      payload: Buffer.from((options.tamper ?? ((text) => text))(payload)).toString('base64'),
      payloadType,
      signatures: [{ sig: signature.toString('base64') }],
    },
  })
}

function logEntry(logIndex: string) {
  return {
    logIndex,
    logId: { keyId: 'AAAA' },
    kindVersion: { kind: 'dsse', version: '0.0.1' },
    integratedTime: '1700000000',
    inclusionProof: { logIndex, rootHash: 'AAAA', treeSize: '99', hashes: [], checkpoint: { envelope: 'x' } },
    canonicalizedBody: 'e30=',
  }
}

export function digestOf(character: string): string {
  return `sha256:${character.repeat(64)}`
}
