import { ActionError } from '../domain/action-error'
import { type ImageReference, parseReference, withDefaultTag } from '../domain/reference'
import type { Identity } from '../domain/signer'
import type { InputReader } from './reader'
import { readIdentity } from './signers'
import { readSigstoreInputs, type SigstoreInputs } from './sigstore'

export interface VerifyInputs {
  /** As given, and as understood. */
  readonly images: readonly { readonly name: string; readonly reference: ImageReference }[]
  /** For keyless signatures; undefined where keys are given. */
  readonly identity: Identity | undefined
  readonly sigstore: SigstoreInputs
  readonly threshold: number
  readonly annotations: Readonly<Record<string, string>>
  readonly transparencyLog: 'auto' | 'required' | 'ignore'
  readonly pull: boolean
  readonly mode: 'enforce' | 'warn'
  readonly dryRun: boolean
  /** Milliseconds for each tool call. */
  readonly timeLimit: number
}

/** Reads what `verify` is to do. Throws ActionErrors that name the input. */
export function readVerifyInputs(inputs: InputReader): VerifyInputs {
  inputs.refuseUnsupported({
    'compose-file': '',
    'compose-services': '',
    files: '',
    policy: '',
    run: 'false',
    'run-options': '',
    'run-command': '',
    'changed-only': 'false',
    'allow-unresolved': 'false',
  })
  return {
    images: readImages(inputs),
    identity: readIdentity(inputs),
    sigstore: readSigstoreInputs(inputs),
    threshold: inputs.count('threshold', 1),
    annotations: inputs.annotations('annotations'),
    transparencyLog: inputs.choice('transparency-log', ['auto', 'required', 'ignore']),
    pull: inputs.text('pull') === '' || inputs.boolean('pull'),
    mode: inputs.choice('mode', ['enforce', 'warn']),
    dryRun: inputs.boolean('dry-run'),
    timeLimit: inputs.duration('timeout', '10m'),
  }
}

/** The images to verify, each name once; also the login step reads them, for their hosts. */
export function readImages(inputs: InputReader): VerifyInputs['images'] {
  const names = [...new Set(inputs.names('images'))]
  if (names.length === 0) {
    throw new ActionError('input-missing', {
      title: 'Input "images" is missing',
      what: 'The input "images" is empty, so there is nothing to verify.',
      hint: 'Give at least one reference, for example ghcr.io/team/app:1.2.3.',
    })
  }
  return names.map((name) => ({ name, reference: withDefaultTag(parseReference(name)) }))
}
