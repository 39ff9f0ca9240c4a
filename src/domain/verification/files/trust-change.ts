import type { ComposeService } from '../../compose/compose-service'
import type { Place } from '../subject'

/** A file by which a pull request decides itself whose signatures count. */
export interface TrustChange extends Place {
  /** What the file decides: a sentence without its full stop. */
  readonly why: string
}

/**
 * The services whose signer is not one that the base of the pull request has for them. A service that the base has not may
 * have a signer of any other service there.
 * @param base undefined where the base has no such project, or none that can be read
 */
export function changedSigners(
  services: readonly ComposeService[],
  base: readonly ComposeService[] | undefined,
): TrustChange[] {
  const before = new Map((base ?? []).map((service) => [service.name, signerOf(service)]))
  const known = new Set(before.values())
  return services.flatMap((service) => {
    const signer = signerOf(service)
    const { verify } = service.nerdctl
    if (signer === undefined || verify === undefined) return []
    if (before.has(service.name) ? before.get(service.name) === signer : known.has(signer)) return []
    const why = `it says who signs the image of service "${service.name}", and the base of the pull request does not say so`
    return [{ file: verify.file, line: verify.line, why }]
  })
}

/** What a service asks for, with the files that its values stand in, since paths count from there. */
function signerOf({ nerdctl }: ComposeService): string | undefined {
  const { sign: _, cosignPrivateKey: __, ...signer } = nerdctl
  if (signer.verify === undefined || signer.verify.value === 'none') return undefined
  const values = Object.entries(signer).map(([key, { value, file }]) => [key, value, file])
  return JSON.stringify(values.sort())
}
