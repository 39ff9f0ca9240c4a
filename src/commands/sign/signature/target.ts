import type { Destination } from '../../../domain/publishing/sign-plan'
import type { Signature } from '../../../domain/verification/result'
import type { SigningKey } from '../../../tools/cosign/cosign'

/** One signature that has to be there: of a digest in a repository, by a key, in a format. */
export interface SignatureTarget {
  readonly destination: Destination
  readonly digest: string
  readonly key: SigningKey
  readonly format: Signature['format']
}

/** `repository@digest`, as cosign takes it. */
export function imageName({ destination, digest }: Pick<SignatureTarget, 'destination' | 'digest'>): string {
  return `${destination.repository}@${digest}`
}

/** Equal for targets that one signature fulfils. */
export function targetId(target: SignatureTarget): string {
  return `${imageName(target)} ${target.key.publicKey.fingerprint} ${target.format}`
}
