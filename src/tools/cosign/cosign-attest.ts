/**
 * `cosign attest` and `cosign verify-attestation`. A type is always given as its URI: by its names cosign would read a predicate into
 * structures of its own, and leave out of SLSA provenance and scans what these do not know.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import pLimit from 'p-limit'
import * as v from 'valibot'
import { layoutOf } from '../../domain/attestations/layout'
import { envelopeId, type StoredAttestation } from '../../domain/attestations/stored'
import type { ProcessResult } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'
import { classifyRejection, type Rejection } from '../../domain/signatures/claims'
import type { Signer } from '../../domain/verification/signer'
import { asStored, type CosignContext, callCosign, cosignFailed } from './cosign-call'
import { keyArguments, type SigningParty, signingVariables, type TransparencyLog } from './cosign-signing'
import { signerArguments, signerVariables, verificationVariables } from './cosign-verify'

export interface AttestOptions {
  readonly log: TransparencyLog
  readonly format: 'bundle' | 'legacy'
  /** The type's URI, or `spdx`, which cosign keeps as text. */
  readonly type: string
  /** Path of the file with the predicate. */
  readonly file: string
  /** Asked before a call is made again, so that no second attestation is made. */
  readonly isStored: () => Promise<boolean>
}

export interface AttestationOptions {
  readonly log: 'required' | 'ignore'
  /** The type's URI. */
  readonly type: string
  /** Looks at the manifest under the `.att` tag only, which bundles hide otherwise. */
  readonly legacyOnly?: boolean
  /** Path of a Rego (`.rego`) or CUE file (`.cue`) that each attestation of the type has to fulfil. */
  readonly policy?: string
}

/** `policy`: verified, but the file with the rules says no. Which envelopes were verified: their {@link envelopeId}s. */
export type AttestationAnswer =
  | { readonly kind: 'verified'; readonly envelopes: ReadonlySet<string> }
  | {
      readonly kind: 'rejected'
      readonly rejection: Exclude<Rejection, 'unknown'> | 'policy'
      readonly message: string
    }

export interface Attesting {
  /** Attests a predicate of `repository@digest`. That it returns proves nothing: look for the attestation afterwards. */
  attest(image: string, party: SigningParty, options: AttestOptions): Promise<void>
  /** What cosign verifies of the attestations of `repository@digest` of one type by a signer. */
  verifyAttestation(image: string, signer: Signer, options: AttestationOptions): Promise<AttestationAnswer>
  /** The same for one bundle alone, without a registry. `digest`: the image's. */
  verifyStored(
    stored: StoredAttestation,
    digest: string,
    signer: Signer,
    options: AttestationOptions,
  ): Promise<AttestationAnswer>
}

/** Makes {@link Attesting}. */
export function attester(context: CosignContext): Attesting {
  const limit = pLimit(2 * availableParallelism())
  return {
    attest: (image, party, options) => limit(() => attest(context, image, party, options)),
    verifyAttestation: (image, signer, options) =>
      limit(() => verifyAt(context, asStored(context, image), [], signer, options)),
    verifyStored: (stored, digest, signer, options) => {
      return limit(() => verifyInFolder(context, stored, digest, signer, options))
    },
  }
}

async function attest(
  context: CosignContext,
  image: string,
  party: SigningParty,
  options: AttestOptions,
): Promise<void> {
  const what = [`--type=${options.type}`, `--predicate=${options.file}`]
  const args = ['attest', ...keyArguments(party), '--yes', ...what, image]
  const granted = { ...(await party.environment()), ...signingVariables(options, context.sigstore) }
  const finished = await callCosign(
    context,
    { label: 'cosign attest', args, granted, image },
    { isDone: options.isStored },
  )
  if (finished.exitCode !== 0) throw party.explain?.(finished.stderr) ?? cosignFailed(finished, 'cosign attest', image)
}

/** @param where options for another place than a registry, in which `image` then is */
async function verifyAt(
  context: CosignContext,
  image: string,
  where: readonly string[],
  signer: Signer,
  options: AttestationOptions,
): Promise<AttestationAnswer> {
  const { type, policy } = options
  const what = [`--type=${type}`, ...(policy === undefined ? [] : [`--policy=${policy}`])]
  const args = ['verify-attestation', ...signerArguments(signer), ...what, ...where, image]
  const granted = { ...signerVariables(signer), ...verificationVariables(options, context) }
  return readAnswer(
    await callCosign(context, { label: 'cosign verify-attestation', args, granted, image }),
    image,
    policy,
  )
}

/** cosign reads folders in the layout of OCI, and of what is in them just what belongs to the image. */
async function verifyInFolder(
  context: CosignContext,
  stored: StoredAttestation,
  digest: string,
  signer: Signer,
  options: AttestationOptions,
): Promise<AttestationAnswer> {
  const folder = mkdtempSync(join(dirname(context.emptyTrustedRoot), 'attestation-'))
  try {
    mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true })
    for (const { name, text } of layoutOf(digest, stored.text)) writeFileSync(join(folder, name), text)
    return await verifyAt(context, folder, ['--local-image'], signer, options)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readAnswer(finished: ProcessResult, image: string, policy: string | undefined): AttestationAnswer {
  if (finished.exitCode === 0) return { kind: 'verified', envelopes: readEnvelopes(finished.stdout, image) }
  const { stderr } = finished
  const message = (stderr.trim().split('\n').at(-1) ?? '').slice(0, 500)
  if (policy !== undefined && /\d+ validation errors? occurred/.test(stderr)) return refusedByRules(policy, stderr)
  if (/none of the attestations matched the predicate type/.test(stderr)) {
    return { kind: 'rejected', rejection: 'none', message }
  }
  const rejection = classifyRejection(finished.exitCode, stderr)
  if (rejection === 'unknown') throw cosignFailed(finished, 'cosign verify-attestation', image)
  return { kind: 'rejected', rejection, message }
}

const FAULTY_RULES = /rego_\w+_error|occurred during loading|expected '.+', found|reference ".+" not found|cannot load/

/** What the rules say; throws where the rules themselves cannot be read, since that says nothing about the image. */
function refusedByRules(policy: string, stderr: string): AttestationAnswer {
  const lines = stderr.split('\n').flatMap((line) => /^- (.+)$/.exec(line)?.[1] ?? [])
  const message = lines.join('; ').slice(0, 500)
  if (!FAULTY_RULES.test(stderr)) return { kind: 'rejected', rejection: 'policy', message }
  throw new ActionError('policy-invalid', {
    title: 'The policy is not valid',
    what: `The file ${policy} for an attestation cannot be read: ${message}.`,
    why: 'Nothing is known about the attestation then.',
    hint: 'cosign reads Rego of version 0 in the package "signature" with the rule "allow", and CUE (docs/attestations.md).',
  })
}

const envelope = v.object({ payload: v.string(), signatures: v.array(v.object({ sig: v.string() })) })

/** One envelope a line. */
function readEnvelopes(stdout: string, image: string): Set<string> {
  try {
    const lines = stdout.split('\n').filter((line) => line.trim() !== '')
    return new Set(lines.map((line) => idOf(v.parse(envelope, JSON.parse(line)))))
  } catch (cause) {
    throw new ActionError(
      'cosign-failed',
      {
        title: 'cosign gave an answer that is not understood',
        what: `cosign verify-attestation ${image} ended with code 0 and printed something other than verified envelopes.`,
        why: 'Without envelopes that can be read nothing is known about the attestation.',
      },
      { cause },
    )
  }
}

function idOf({ payload, signatures }: v.InferOutput<typeof envelope>): string {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64')
  return envelopeId({ payload: bytes(payload), signatures: signatures.map(({ sig }) => bytes(sig)) })
}
