import { isIndexType, type Manifest } from '../../../domain/image/manifest'
import { asUnseen } from '../../../tools/registry/registry-errors'
import type { Tools } from '../../shared/open-tools'
import type { PushTarget } from './local-images'

/**
 * What the registries hold of the images that are to be published: asked for all of them at once, before the first one is
 * pushed, so that no push and no tag waits for its own question. Of an index nothing is asked, since what of it will be pushed
 * is not known yet.
 */
export class RemoteManifests {
  private readonly asked = new Map<string, Promise<Manifest | undefined>>()
  private readonly tagged: Promise<ReadonlyMap<string, string>>

  constructor(
    private readonly registry: Pick<Tools['registry'], 'manifest'>,
    targets: readonly PushTarget[],
  ) {
    for (const target of targets) {
      const name = nameOf(target)
      if (isIndexType(target.local.mediaType) || this.asked.has(name)) continue
      const answer = this.ask(target)
      answer.catch(() => undefined)
      this.asked.set(name, answer)
    }
    this.tagged = this.askForTags(targets)
    this.tagged.catch(() => undefined)
  }

  /** The manifest of an image. An answer serves once: a second image of the same digest may have been pushed by then. */
  async find(target: PushTarget): Promise<Manifest | undefined> {
    if (isIndexType(target.local.mediaType)) return undefined
    const name = nameOf(target)
    const answer = this.asked.get(name)
    this.asked.delete(name)
    return answer ?? this.ask(target)
  }

  /** The digests that the tags (`repository:tag`) pointed to before anything was done; a hint and no proof. */
  tags(): Promise<ReadonlyMap<string, string>> {
    return this.tagged
  }

  private ask({ destination, local }: PushTarget): Promise<Manifest | undefined> {
    // Only a hint: what is not seen is pushed.
    return this.registry.manifest(destination, local.digest).catch(asUnseen)
  }

  private async askForTags(targets: readonly PushTarget[]): Promise<ReadonlyMap<string, string>> {
    const asked = targets.flatMap(({ destination }) =>
      destination.tags.map(async (tag) => {
        const manifest = await this.registry.manifest(destination, tag).catch(asUnseen)
        return [`${destination.repository}:${tag}`, manifest?.digest ?? ''] as const
      }),
    )
    return new Map(await Promise.all(asked))
  }
}

function nameOf({ destination, local }: PushTarget): string {
  return `${destination.repository}@${local.digest}`
}
