import type { Destination } from '../../../domain/publishing/sign-plan'
import type { Signature } from '../../../domain/verification/result'
import { signerId } from '../../../domain/verification/signer'
import type { SigningParty } from '../../../tools/cosign/cosign'

/** One signature that has to be there: of a digest in a repository, by a key or an identity, in a format. */
export interface SignatureTarget {
  readonly destination: Destination
  readonly digest: string
  readonly party: SigningParty
  readonly format: Signature['format']
}

/** `repository@digest`, as cosign takes it. */
export function imageName({ destination, digest }: Pick<SignatureTarget, 'destination' | 'digest'>): string {
  return `${destination.repository}@${digest}`
}

/** Equal for targets that one signature fulfils. */
export function targetId(target: SignatureTarget): string {
  return `${imageName(target)} ${signerId(target.party.signer)} ${target.format}`
}
