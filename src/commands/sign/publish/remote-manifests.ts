import { isIndexType, type Manifest } from '../../../domain/image/manifest'
import { asUnseen } from '../../../tools/registry/registry-errors'
import type { Publishing } from './context'
import type { Publication } from './local-images'

/**
 * What the registries hold already of the images that are to be published: asked for all of them at once, before the
 * first one is pushed. Of an index nothing is asked, since what of it will be pushed is not known yet.
 */
export class HeldManifests {
  private readonly asked = new Map<string, Promise<Manifest | undefined>>()

  constructor(
    private readonly publishing: Publishing,
    publications: readonly Publication[],
  ) {
    for (const publication of publications) {
      const name = nameOf(publication)
      if (isIndexType(publication.local.mediaType) || this.asked.has(name)) continue
      const answer = this.ask(publication)
      answer.catch(() => undefined)
      this.asked.set(name, answer)
    }
  }

  /** The manifest of an image. An answer serves once: a second image of the same digest may have been pushed by then. */
  async find(publication: Publication): Promise<Manifest | undefined> {
    if (isIndexType(publication.local.mediaType)) return undefined
    const name = nameOf(publication)
    const answer = this.asked.get(name)
    this.asked.delete(name)
    return answer ?? this.ask(publication)
  }

  private ask({ destination, local }: Publication): Promise<Manifest | undefined> {
    // Only a hint: where it is not seen, the image is pushed.
    return this.publishing.registry.manifest(destination, local.digest).catch(asUnseen)
  }
}

function nameOf({ destination, local }: Publication): string {
  return `${destination.repository}@${local.digest}`
}
