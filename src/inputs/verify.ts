import { ActionError } from '../domain/action-error'
import { type ImageReference, parseReference, withDefaultTag } from '../domain/reference'
import type { InputReader } from './reader'

export interface VerifyInputs {
  /** As given, and as understood. */
  readonly images: readonly { readonly name: string; readonly reference: ImageReference }[]
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
    'certificate-identity': '',
    'certificate-identity-regexp': '',
    'certificate-oidc-issuer': '',
    run: 'false',
    'run-options': '',
    'run-command': '',
    'changed-only': 'false',
    'allow-unresolved': 'false',
    'sigstore-trusted-root': '',
  })
  return {
    images: readImages(inputs),
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
