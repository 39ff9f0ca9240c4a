/**
 * Repositories in which cosign could not write its own tag a second time.
 */
import { ActionError } from '../../../domain/errors/action-error'
import { tagBeside } from '../../../domain/signatures/formats'
import type { ImmutableTags } from '../ecr-repositories'
import { isStored, type StoredContext } from './stored'
import type { SignatureTarget } from './target'

export interface FixedTagContext extends StoredContext {
  readonly immutable: ImmutableTags
  /** `host/path` of the repository that holds the signatures; undefined: that of each image. */
  readonly signatureRepository?: string | undefined
}

/**
 * Throws (`already-tagged`) before anything is pushed where a signature in the older form would have to move the tag of
 * another one, and the tag may not move: the first signature makes the tag, and each further one moves it.
 * @param targets the signatures of one digest in one repository
 */
export async function refuseFixedTag(context: FixedTagContext, targets: readonly SignatureTarget[]): Promise<void> {
  const wanted = targets.filter(({ format }) => format === 'legacy')
  const [first] = wanted
  if (first === undefined) return
  const { destination, digest } = first
  const repository = context.signatureRepository ?? destination.repository
  const tag = tagBeside(digest, '.sig')
  if (!context.immutable.has(repository, tag)) return
  const open = await Promise.all(wanted.map(async (target) => !(await isStored(context, target))))
  const missing = open.filter(Boolean).length
  if (missing === 0) return
  const { legacySignature } = await context.registry.evidence(destination, digest)
  if (missing > 1 || legacySignature !== undefined) throw tagIsFixed(`${repository}:${tag}`, wanted.length)
}

function tagIsFixed(name: string, signers: number): ActionError {
  return new ActionError('already-tagged', {
    title: 'A second signature cannot be stored',
    what: `The signatures in the older form are kept under the tag ${name}, which ${signers > 1 ? `${signers} keys` : 'one more key'} would have to write again, and tags of this repository are immutable. Nothing was pushed.`,
    why: 'The first signature makes this tag; each further one, by another key or with other annotations, moves it.',
    hint: 'Exempt sha256-* from immutability, or sign with "signature-format: bundle", which takes no tag in Amazon ECR.',
  })
}
