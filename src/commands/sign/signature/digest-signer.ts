/**
 * Signing by digest of all that was pushed, several digests at once.
 */

import { allOrFirstError } from '../../../domain/calls/settle'
import { platformDigests } from '../../../domain/image/manifest'
import type { Destination } from '../../../domain/publishing/sign-plan'
import type { SigningKey } from '../../../tools/cosign/cosign'
import {
  type FoundSignature,
  findConfirmed,
  type Published,
  type Publishing,
  signatureMissing,
} from '../publish/context'
import type { Pushed } from '../publish/local-images'
import { Lull } from './confirmation-gate'
import type { EarlySigning } from './early-signing'
import { isKept, isLost, type SignedDigest } from './lost-signatures'

/** How often a digest is signed at most when its signature gets lost each time. */
const ATTEMPTS = 3

/** A look that is younger, in milliseconds, need not be repeated: another one would see no more. */
const FRESH = 1000

/** Signs what one run publishes, and keeps what it found and added. */
export class Signing {
  /** Signatures by `repository@digest`, each in the order of the keys of its image. */
  private readonly found = new Map<Pushed, readonly FoundSignature[]>()
  /** Every `repository@digest` that this run has added a signature to. */
  private readonly added = new Set<string>()
  /** The last signing of each `repository@digest`: two images may share one. */
  private readonly turns = new Map<string, Promise<unknown>>()
  /** Signatures wait for each other, so that many are confirmed with few calls of cosign. */
  private readonly lull = new Lull()

  /** What each digest was found to be signed with, for {@link keep}. */
  private readonly signed = new Map<string, SignedDigest>()

  /** When the registry was asked for each signature. */
  private readonly seen = new Map<FoundSignature, number>()

  /** @param early the signature that has begun during the push, where there is one */
  constructor(
    private readonly publishing: Publishing,
    private readonly early?: EarlySigning,
  ) {}

  /** Signs an image itself and, of an index, every platform's manifest, by every key in every wanted format. */
  async signImage(image: Pushed): Promise<void> {
    const { settings, limit } = this.publishing
    const { manifest, destination, keys } = image
    const children = settings.recursive ? platformDigests(manifest) : []
    const [own = []] = await allOrFirstError(
      [manifest.digest, ...children].map((digest) => {
        const name = `${destination.repository}@${digest}`
        return limit(() => this.inTurn(name, () => this.signDigest(destination, digest, keys)))
      }),
    )
    this.found.set(image, own)
  }

  /** Says that no further image will come: what is signed is confirmed as soon as the last one is. */
  close(): void {
    this.lull.close()
  }

  /**
   * Looks once more whether every signature is there: another machine that signed the same digest at the same time may have
   * written over it. What is lost is signed again.
   */
  async keep(): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const all = [...this.signed.values()].filter((one) => this.isOld(one))
      const checked = await allOrFirstError(
        all.map(async (one) => ({ one, isThere: await isKept(this.publishing, one) })),
      )
      const lost = checked.filter(({ isThere }) => !isThere)
      if (lost.length === 0) return
      for (const { one } of lost) await this.signDigest(one.destination, one.digest, one.keys)
    }
  }

  /** What there is to say about an image when all of them are signed. */
  outcome(image: Pushed): Published {
    const { destination, manifest } = image
    const digests = [manifest.digest, ...platformDigests(manifest)]
    return {
      repository: destination.repository,
      digest: manifest.digest,
      mediaType: manifest.mediaType,
      tags: destination.tags,
      signatures: this.found.get(image) ?? [],
      alreadySigned: !digests.some((digest) => this.added.has(`${destination.repository}@${digest}`)),
    }
  }

  /** One digest is never signed twice at once: cosign would lose signatures (docs/claims.md). */
  private inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.turns.get(name) ?? Promise.resolve()
    const turn = before.then(work, work)
    this.turns.set(name, turn)
    return turn
  }

  private async signDigest(
    destination: Destination,
    digest: string,
    keys: readonly SigningKey[],
  ): Promise<FoundSignature[]> {
    const name = `${destination.repository}@${digest}`
    const signatures = await this.publishing.exclusively(name, () => this.signByEach(destination, digest, keys))
    const kept = { destination, digest, keys, signatures }
    this.signed.set(`${name} ${keys.map(({ publicKey }) => publicKey.fingerprint).join()}`, kept)
    return signatures
  }

  private async signByEach(
    destination: Destination,
    digest: string,
    keys: readonly SigningKey[],
  ): Promise<FoundSignature[]> {
    const { settings, workflow } = this.publishing
    const name = `${destination.repository}@${digest}`
    const signatures: FoundSignature[] = []
    for (const key of keys) {
      for (const format of settings.formats) {
        const early = (await this.early?.take(name, key)) ?? 'not-made'
        const isSigned = early === 'signed'
        const present = isSigned ? undefined : await this.find(destination, digest, key, format)
        if (present !== undefined) workflow.info(`${name} is signed by ${key.publicKey.fingerprint} already`)
        if (early === 'failed') this.added.add(name)
        signatures.push(present ?? (await this.signAndConfirm(destination, digest, key, format, isSigned)))
      }
    }
    return signatures
  }

  private async find(
    destination: Destination,
    digest: string,
    key: SigningKey,
    format: FoundSignature['format'],
    isExpected = false,
  ): Promise<FoundSignature | undefined> {
    const asked = this.publishing.clock()
    const found = await findConfirmed(this.publishing, destination, digest, key, format, isExpected)
    if (found !== undefined) this.seen.set(found, asked)
    return found
  }

  private isOld({ signatures }: SignedDigest): boolean {
    return signatures.some((one) => this.publishing.clock() - (this.seen.get(one) ?? 0) > FRESH)
  }

  /** @param isSigned cosign has said already that it has signed */
  private async signAndConfirm(
    destination: Destination,
    digest: string,
    key: SigningKey,
    format: FoundSignature['format'],
    isSigned: boolean,
  ): Promise<FoundSignature> {
    const { cosign, settings, workflow } = this.publishing
    const image = `${destination.repository}@${digest}`
    const options = { log: settings.log, annotations: settings.annotations, format }
    let found: FoundSignature | undefined
    for (let attempt = 1; found === undefined && attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1 && !(await isLost(this.publishing, destination, digest, key, format))) break
      if (attempt > 1 || !isSigned) await this.lull.during(() => cosign.sign(image, key, options))
      await this.lull.wait()
      found = await this.find(destination, digest, key, format, true)
    }
    if (found === undefined) throw signatureMissing(image, key, 'cosign sign', 'No tag was set.')
    this.added.add(image)
    workflow.info(`${image} is signed by ${key.publicKey.fingerprint}`)
    return found
  }
}
