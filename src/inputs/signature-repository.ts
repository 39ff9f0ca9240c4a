import { inputInvalid } from '../domain/errors/input-errors'
import { type ImageReference, parseReference } from '../domain/image/reference'
import type { InputReader } from './reader'

/** A repository that holds signatures and attestations of images that are kept elsewhere. */
export type SignatureRepository = Pick<ImageReference, 'registry' | 'path'>

const INPUT = 'signature-repository'

/** Reads the input `signature-repository`; undefined: each image's own repository. Throws ActionErrors that name it. */
export function readSignatureRepository(inputs: InputReader): SignatureRepository | undefined {
  const given = inputs.text(INPUT)
  if (given === '') return undefined
  const { registry, path, tag, digest } = parseReference(given)
  if (tag === undefined && digest === undefined) return { registry, path }
  throw inputInvalid(INPUT, {
    what: `The input "${INPUT}" is "${given.slice(0, 200)}", which has a ${tag === undefined ? 'digest' : 'tag'}.`,
    why: 'Signatures are stored by the digest of what they sign, so the input names a repository and nothing else.',
    hint: 'Write it as registry/repository, for example ghcr.io/team/signatures.',
  })
}
