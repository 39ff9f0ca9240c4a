/**
 * The file that the output `report-path` names: what a step has found or done, as evidence that outlives the log. Fields are only
 * added; one that changes its meaning raises `version`. docs/report.schema.json is written from this.
 */
import * as v from 'valibot'
import { runRecord } from '../../domain/calls/run-record'

export const VERSION = 1

const digest = v.string()
const identity = v.object({ subject: v.string(), issuer: v.string() })

const signer = v.variant('kind', [
  v.object({
    kind: v.literal('key'),
    /** SHA-256 of the public key (SPKI DER), in hexadecimal digits. */
    fingerprint: v.string(),
    algorithm: v.string(),
    /** Name of the key where it has one, e.g. the address in a KMS. */
    name: v.optional(v.string()),
  }),
  v.object({
    kind: v.literal('identity'),
    /** Exact subject of the certificate, or a regular expression where `isPattern`. */
    subject: v.string(),
    isPattern: v.boolean(),
    issuer: v.string(),
  }),
])

const attestation = v.object({ type: v.string(), digest })

const header = {
  version: v.literal(VERSION),
  /** ISO 8601, UTC. */
  time: v.string(),
  run: runRecord,
  tools: v.object({ finch: v.optional(v.string()), cosign: v.optional(v.string()) }),
}

const signedImage = v.object({
  repository: v.string(),
  digest,
  mediaType: v.string(),
  tags: v.array(v.string()),
  signatures: v.array(
    v.object({
      format: v.picklist(['bundle', 'legacy']),
      digest,
      keyFingerprint: v.string(),
      identity: v.nullable(identity),
      logIndex: v.nullable(v.string()),
    }),
  ),
  attestations: v.array(attestation),
  alreadySigned: v.boolean(),
})

const rule = v.object({
  /** As the summary names it, e.g. `rule 2 (ghcr.io/team/**)`. */
  name: v.string(),
  /** What it asks for, a sentence a line. */
  terms: v.array(v.string()),
})

const verifiedImage = v.object({
  reference: v.string(),
  digest,
  result: v.picklist(['passed', 'failed', 'error']),
  reason: v.string(),
  keys: v.array(v.object({ fingerprint: v.string(), matched: v.boolean() })),
  annotations: v.record(v.string(), v.string()),
  attestations: v.array(attestation),
  /** Files and lines that name the image. */
  places: v.array(v.object({ file: v.string(), line: v.number() })),
  /** By the log or a timestamp; absent where neither tells. */
  signedAt: v.optional(v.string()),
  mode: v.picklist(['enforce', 'warn']),
  /** Null where no rule is for the image. */
  rule: v.nullable(rule),
  signers: v.array(signer),
})

export const signReport = v.object({
  kind: v.literal('sign'),
  ...header,
  log: v.picklist(['public', 'none', 'own']),
  annotations: v.record(v.string(), v.string()),
  signers: v.array(signer),
  images: v.array(signedImage),
})

export const verifyReport = v.object({
  kind: v.literal('verify'),
  ...header,
  result: v.picklist(['passed', 'failed', 'error']),
  verified: v.boolean(),
  /** The files and texts that the rules were read from, each with the SHA-256 of its text. */
  policies: v.array(v.object({ from: v.string(), sha256: v.string() })),
  /** Where a pull request changes who may sign; nothing was verified then. */
  trustChanges: v.array(v.object({ file: v.string(), line: v.number(), why: v.string() })),
  images: v.array(verifiedImage),
})

export const report = v.variant('kind', [signReport, verifyReport])

export type Header = Pick<SignReport, keyof typeof header>
export type SignReport = v.InferOutput<typeof signReport>
export type VerifyReport = v.InferOutput<typeof verifyReport>
export type ReportedSigner = v.InferOutput<typeof signer>
