/**
 * Signing that begins while the image is still being pushed: cosign opens its key first, and only then asks the registry
 * for the image (docs/performance.md). Where the push is over by then, the signature has cost no time of its own.
 */
import { ActionError } from '../../../domain/errors/action-error'
import { isIndexType } from '../../../domain/image/manifest'
import { isUnsigned } from '../../../domain/signatures/evidence'
import type { SigningKey } from '../../../tools/cosign/cosign'
import type { Publishing } from '../publish/context'
import type { Publication } from '../publish/local-images'

/** One that failed has mostly come too early; what it has left in the registry has to be looked for. */
export type EarlyOutcome = 'not-made' | 'failed' | 'signed'

/** One signature of one digest. */
interface Wanted {
  readonly publication: Publication
  readonly key: SigningKey
}

export class EarlySigning {
  /** `repository@digest`, which nobody else may sign meanwhile. */
  readonly name: string
  private readonly isUnsigned: Promise<boolean>
  private outcome: Promise<EarlyOutcome> | undefined

  /** Asks the registry at once whether there is anything to be signed. */
  constructor(
    private readonly publishing: Publishing,
    private readonly wanted: Wanted,
  ) {
    const { destination, local } = wanted.publication
    this.name = `${destination.repository}@${local.digest}`
    this.isUnsigned = publishing.registry.evidence(destination, local.digest).then(isUnsigned, () => false)
  }

  /** Begins to sign; to be called when the push has begun. */
  begin(): void {
    this.outcome ??= this.sign()
    this.outcome.catch(() => undefined)
  }

  /**
   * What has become of the attempt to sign this digest by this key; an answer serves once. Throws where cosign was ended
   * because it took too long, or because the job is cancelled: another attempt would fare no better.
   */
  async take(name: string, key: SigningKey): Promise<EarlyOutcome> {
    const { outcome } = this
    if (outcome === undefined || name !== this.name || key !== this.wanted.key) return 'not-made'
    this.outcome = undefined
    return outcome
  }

  /** Waits until nothing is under way any more. */
  async end(): Promise<void> {
    await this.outcome?.catch(() => undefined)
  }

  private async sign(): Promise<EarlyOutcome> {
    if (!(await this.isUnsigned)) return 'not-made'
    const { cosign, settings, workflow } = this.publishing
    const { annotations, log } = settings
    const lines: string[] = []
    const options = { log, annotations, format: 'bundle', onLine: (line: string) => lines.push(line) } as const
    try {
      await cosign.sign(this.name, this.wanted.key, options)
    } catch (error) {
      if (error instanceof ActionError && ['time-limit', 'step-cancelled'].includes(error.code)) throw error
      workflow.debug(`cosign sign came before the end of the push: ${error instanceof Error ? error.message : error}`)
      return 'failed'
    }
    for (const line of lines) workflow.toolLine(line)
    return 'signed'
  }
}

/**
 * The signature that may begin early: of a single image that is no index, in the bundle format, by a key that cosign
 * opens itself, and without a log, in which an attempt that comes too early would leave an entry. With several images the
 * other core has signatures to make anyway.
 */
export function earlySignature({ settings }: Publishing, publications: readonly Publication[]): Wanted | undefined {
  const [publication] = publications
  if (publication === undefined || publications.length > 1 || isIndexType(publication.local.mediaType)) return undefined
  const [key] = publication.keys
  if (key === undefined || !key.reference.startsWith('env://')) return undefined
  return settings.log === 'none' && settings.formats[0] === 'bundle' ? { publication, key } : undefined
}
