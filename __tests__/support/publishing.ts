import { createHash, sign as createSignature } from 'node:crypto'
import type { PreparedPredicate } from '../../src/commands/sign/predicates'
import type { AtomicPublishing } from '../../src/commands/sign/publish/atomic'
import { envelopeId } from '../../src/domain/attestations/stored'
import { Turns } from '../../src/domain/calls/turns'
import { ActionError } from '../../src/domain/errors/action-error'
import { type Manifest, parseManifest } from '../../src/domain/image/manifest'
import { isSignedBy, parseBundle } from '../../src/domain/signatures/bundle'
import type { Evidence, StoredBundle } from '../../src/domain/signatures/evidence'
import type { SignatureFormat } from '../../src/domain/signatures/formats'
import { isLegacySignedBy, type LegacySignature } from '../../src/domain/signatures/legacy-signature'
import type { Signer as Verifier } from '../../src/domain/verification/signer'
import { signerName } from '../../src/domain/verification/signer'
import type { SigningParty, SignOptions } from '../../src/tools/cosign/cosign'
import type { AttestationAnswer, AttestationOptions, AttestOptions } from '../../src/tools/cosign/cosign-attest'
import type { Verification, VerifyOptions } from '../../src/tools/cosign/cosign-verify'
import { bundleText } from './bundles'
import { ecPair, type KeyPair, publicHalf } from './keys'
import { recordedWorkflow } from './workflow'

const IMAGE = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
const SIGN = 'https://sigstore.dev/cosign/sign/v1'

export interface Signer extends KeyPair {
  readonly signing: SigningParty
}

export function signer(): Signer {
  const pair = ecPair()
  const signer = { kind: 'key', key: publicHalf(pair) } as const
  return { ...pair, signing: { signer, keyReference: 'env://K', environment: async () => ({}) } }
}

/** One of several images that are published together. */
export interface SetImage {
  readonly name: string
  readonly manifest: Manifest
  readonly repository: string
  readonly tags: readonly string[]
  readonly by: readonly Signer[]
}

function destinationAt(repository: string, tags: readonly string[]) {
  const [registry = '', ...path] = repository.split('/')
  return { registry, path: path.join('/'), repository, tags }
}

export function image(content: string): Manifest {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 1 }
  return parseManifest(Buffer.from(JSON.stringify({ mediaType: IMAGE, config, layers: [] })), IMAGE)
}

export function indexOf(...children: Manifest[]): Manifest {
  const manifests = children.map(({ digest, mediaType, bytes }) => ({ mediaType, digest, size: bytes.length }))
  return parseManifest(Buffer.from(JSON.stringify({ mediaType: INDEX, manifests })), INDEX)
}

/** A world in memory: a registry, Finch's local store, and cosign, every call of which can be made to fail. */
export class World {
  readonly manifests = new Map<string, Manifest>()
  readonly tags = new Map<string, string>()
  readonly bundles = new Map<string, StoredBundle[]>()
  readonly legacy = new Map<string, LegacySignature[]>()
  /** What each signature is stored as. */
  formats: readonly SignatureFormat[] = ['bundle', 'legacy']
  readonly calls: string[] = []
  /** What was confirmed by cosign verify: `repository@digest fingerprint format`. */
  readonly confirmed = new Set<string>()
  /** State of the world whenever a tag was put: the signatures that had not been confirmed by then. */
  readonly unconfirmedAtPut: string[] = []
  failAt = Number.POSITIVE_INFINITY
  failAfterEffect = false
  /** cosign says 0 and stores nothing. */
  signsNothing = false
  /** What cosign verify says in the place of the truth. */
  verdict: Verification | undefined
  /** Puts are answered with success and change nothing, or set another digest. */
  putLies = false
  private signing = new Map<string, number>()
  overlapped = false

  constructor(
    readonly local: Manifest,
    readonly children: readonly Manifest[],
    readonly signers: readonly Signer[],
  ) {}

  /** Counts a call; the failing one throws before or after it has taken effect. */
  private async call<T>(name: string, effect: () => T | Promise<T>): Promise<T> {
    const index = this.calls.push(name) - 1
    const fails = index === this.failAt
    if (fails && !this.failAfterEffect) throw new Error(`fault in call ${index}: ${name}`)
    const result = await effect()
    if (fails) throw new Error(`fault after call ${index}: ${name}`)
    return result
  }

  private key(repository: { registry: string; path: string }): string {
    return `${repository.registry}/${repository.path}`
  }

  private async sign(name: string, party: SigningParty, { format }: SignOptions): Promise<void> {
    const place = `${name} ${format}`
    this.overlapped ||= (this.signing.get(place) ?? 0) > 0
    this.signing.set(place, (this.signing.get(place) ?? 0) + 1)
    await new Promise((resolve) => setImmediate(resolve))
    this.signing.set(place, (this.signing.get(place) ?? 1) - 1)
    const by = this.signers.find(({ signing }) => signing === party)
    if (this.signsNothing || by === undefined || this.loses-- > 0) return
    if (!this.manifests.has(name)) throw new Error(`HEAD ${name}: unexpected status code 404 Not Found`)
    const digest = name.split('@')[1] ?? ''
    if (format === 'legacy') {
      this.legacy.set(name, [...(this.legacy.get(name) ?? []), legacySignature(digest, by)])
      return
    }
    const text = bundleText({ digest, signer: by })
    const stored = this.bundles.get(name) ?? []
    const manifestDigest = image(`${name} ${stored.length} ${signerName(party.signer)}`).digest
    this.bundles.set(name, [...stored, { manifestDigest, text, bundle: parseBundle(JSON.parse(text)) }])
  }

  private attest(name: string, party: SigningParty, { type, file }: AttestOptions): void {
    const by = this.signers.find(({ signing }) => signing === party)
    const predicate = this.predicates.find((one) => one.file === file)
    if (this.attestsNothing || by === undefined || predicate === undefined) return
    const text = bundleText({
      digest: name.split('@')[1] ?? '',
      signer: by,
      predicateType: type,
      predicate: JSON.parse(predicate.text),
    })
    const stored = this.bundles.get(name) ?? []
    const manifestDigest = image(`${name} ${stored.length} ${signerName(party.signer)} attested`).digest
    this.bundles.set(name, [...stored, { manifestDigest, text, bundle: parseBundle(JSON.parse(text)) }])
  }

  private verifyAttestation(name: string, by: Verifier, { type }: AttestationOptions): AttestationAnswer {
    if (by.kind !== 'key') throw new Error('only keys attest here')
    const found = (this.bundles.get(name) ?? []).flatMap(({ bundle }) =>
      bundle !== undefined && bundle.predicateType === type && isSignedBy(bundle, by.key) ? [bundle] : [],
    )
    if (found.length === 0) return { kind: 'rejected', rejection: 'no-match', message: '' }
    this.confirmed.add(`${name} ${by.key.fingerprint} bundle ${type}`)
    return { kind: 'verified', envelopes: new Set(found.map(({ envelope }) => envelopeId(envelope))) }
  }

  private put(repository: string, tag: string, manifest: Manifest): void {
    for (const wanted of this.wanted)
      if (!this.confirmed.has(wanted)) this.unconfirmedAtPut.push(`${repository}:${tag} before ${wanted}`)
    if (!this.putLies) this.tags.set(`${repository}:${tag}`, manifest.digest)
  }

  /** What must have been confirmed before the first tag: `repository@digest fingerprint format`. */
  private wanted: string[] = []
  /** Images of the local store besides {@link local}, by name. */
  private readonly others = new Map<string, Manifest>()
  /** What is attested about every image; to be set before publishing. */
  predicates: readonly PreparedPredicate[] = []
  /** cosign attest says 0 and stores nothing. */
  attestsNothing = false
  /** So many signatures are lost at once by another writer. */
  loses = 0
  /** So many signatures are lost when somebody has just seen them. */
  forgets = 0

  publishing(tags: Readonly<Record<string, readonly string[]>>, immutable: readonly string[] = []): AtomicPublishing {
    const destinations = Object.entries(tags).map(([repository, own]) => destinationAt(repository, own))
    const digests = [this.local, ...this.children].map(({ digest }) => digest)
    this.wanted = Object.keys(tags).flatMap((repository) => [
      ...this.wantedAt(repository, digests, this.signers),
      ...this.wantedAt(repository, [this.local.digest], this.signers).flatMap((one) =>
        this.predicates.map(({ type }) => `${one} ${type.uri}`),
      ),
    ])
    const parties = this.signers.map(({ signing }) => signing)
    return this.publishingOf(
      [{ source: 'app', services: [], destinations, parties, predicates: this.predicates }],
      immutable,
    )
  }

  /** Several images, each with signers of its own. */
  publishingSet(set: readonly SetImage[], immutable: readonly string[] = []): AtomicPublishing {
    for (const { name, manifest } of set) this.others.set(name, manifest)
    this.wanted = set.flatMap(({ repository, manifest, by }) => this.wantedAt(repository, [manifest.digest], by))
    const images = set.map(({ name, repository, tags, by }) => ({
      source: name,
      services: [name],
      destinations: [destinationAt(repository, tags)],
      parties: by.map(({ signing }) => signing),
      predicates: this.predicates,
    }))
    return this.publishingOf(images, immutable)
  }

  private wantedAt(repository: string, digests: readonly string[], by: readonly Signer[]): string[] {
    return digests.flatMap((digest) =>
      by.flatMap(({ signing }) =>
        this.formats.map((format) => `${repository}@${digest} ${signerName(signing.signer)} ${format}`),
      ),
    )
  }

  private publishingOf(images: AtomicPublishing['images'], immutable: readonly string[]): AtomicPublishing {
    const turns = new Turns()
    return {
      finch: this.finch(),
      cosign: this.cosign(),
      registry: this.registry(),
      images,
      formatsFor: () => this.formats,
      recursive: true,
      platforms: { kind: 'present' },
      policy: { log: 'none', annotations: {} },
      workflow: recordedWorkflow(),
      immutable: { has: (repository: string) => immutable.includes(repository) },
      exclusively: (name, work) => turns.take(name, work),
    } satisfies AtomicPublishing
  }

  private finch() {
    return {
      inspectAll: (names: readonly string[]) =>
        this.call('inspect', () =>
          names.map((name) => {
            const { digest, mediaType } = this.others.get(name) ?? this.local
            return { digest, mediaType, platforms: [] }
          }),
        ),
      tag: (_source: string, target: string) => this.call(`tag ${target}`, () => undefined),
      push: (name: string) =>
        this.call(`push ${name}`, () => {
          const [repository, digest = ''] = name.split('@')
          if (digest === '') throw new Error('pushed a tag')
          const other = [...this.others.values()].find((one) => one.digest === digest)
          for (const manifest of other === undefined ? [this.local, ...this.children] : [other])
            this.manifests.set(`${repository}@${manifest.digest}`, manifest)
          return { digest, mediaType: (other ?? this.local).mediaType }
        }),
      presentPlatforms: async () => [],
    } satisfies AtomicPublishing['finch']
  }

  private cosign() {
    return {
      sign: (name: string, party: SigningParty, options: SignOptions) =>
        this.call(`sign ${name}`, () => this.sign(name, party, options)),
      verify: (name: string, by: Verifier, { legacyOnly = false }: VerifyOptions) =>
        this.call<Verification>(`verify ${name}`, () => {
          if (this.verdict !== undefined) return this.verdict
          if (by.kind !== 'key') throw new Error('only keys sign here')
          const { key } = by
          const digest = name.split('@')[1] ?? ''
          const hint = Buffer.from(key.fingerprint, 'hex').toString('base64')
          const isThere = legacyOnly
            ? (this.legacy.get(name) ?? []).some((one) => isLegacySignedBy(one, digest, by, {}))
            : (this.bundles.get(name) ?? []).some(({ bundle }) => bundle?.keyHint === hint)
          if (!isThere) return { kind: 'rejected', rejection: 'no-match', message: '' }
          this.confirmed.add(`${name} ${key.fingerprint} ${legacyOnly ? 'legacy' : 'bundle'}`)
          return { kind: 'claims', claims: [{ type: SIGN, digest, annotations: {}, name: '' }] }
        }),
      attest: (name: string, party: SigningParty, options: AttestOptions) =>
        this.call(`attest ${name}`, () => this.attest(name, party, options)),
      verifyAttestation: (name: string, by: Verifier, options: AttestationOptions) =>
        this.call(`verify-attestation ${name}`, () => this.verifyAttestation(name, by, options)),
      verifyBundle: async () => false,
    } satisfies AtomicPublishing['cosign']
  }

  private registry() {
    type Repository = { registry: string; path: string }
    return {
      manifest: (repository: Repository, tagOrDigest: string) =>
        this.call(`manifest ${this.key(repository)} ${tagOrDigest}`, () => {
          const own = this.key(repository)
          const digest = tagOrDigest.startsWith('sha256:') ? tagOrDigest : this.tags.get(`${own}:${tagOrDigest}`)
          return this.manifests.get(`${own}@${digest}`)
        }),
      putTag: (repository: Repository, tag: string, manifest: Manifest) =>
        this.call(`put ${this.key(repository)}:${tag}`, () => this.put(this.key(repository), tag, manifest)),
      evidence: (repository: Repository, digest: string) =>
        this.call<Evidence>(`evidence ${this.key(repository)}@${digest}`, () => {
          const name = `${this.key(repository)}@${digest}`
          const bundles = this.bundles.get(name) ?? []
          if (bundles.length > 0 && this.forgets-- > 0) this.bundles.delete(name)
          const older = this.legacy.get(name) ?? []
          return { digest, bundles, legacySignature: older.length === 0 ? undefined : image(`${name} .sig`).digest }
        }),
      legacySignatures: (repository: Repository, digest: string) =>
        this.call(`.sig ${this.key(repository)}@${digest}`, () => {
          return this.legacy.get(`${this.key(repository)}@${digest}`) ?? []
        }),
      legacyAttestations: async () => [],
    } satisfies AtomicPublishing['registry']
  }

  get signatures(): number {
    return [...this.bundles.values(), ...this.legacy.values()].flat().length
  }
}

function legacySignature(digest: string, { privateKey }: Signer): LegacySignature {
  const image = { 'docker-manifest-digest': digest }
  const type = 'https://sigstore.dev/cosign/sign/v1'
  const payload = Buffer.from(JSON.stringify({ critical: { identity: {}, image, type }, optional: {} }))
  return { payload, signature: createSignature('sha256', payload, privateKey) }
}

export function isAction(error: unknown, code: string): boolean {
  return error instanceof ActionError && error.code === code
}
