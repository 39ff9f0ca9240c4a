import { repositoryOf } from '../domain/image/reference'
import { distinct, type PublicKey } from '../domain/keys/public-key'
import { type Destination, destinationsOf, type PlannedImage, type SignPlan } from '../domain/publishing/sign-plan'
import { chooseFormats, SAMPLE_SIGNATURE_TAG } from '../domain/signatures/formats'
import { chooseLog } from '../domain/signatures/transparency-log'
import { distinctSigners, keysOf } from '../domain/verification/signer'
import { identitySecrets, readKeyless } from '../inputs/sign/keyless'
import { readSignInputs, type SignInputs } from '../inputs/sign/sign-inputs'
import { trustedLogIds } from '../inputs/sigstore'
import { signReportOf } from '../report/audit/report'
import { imageEntry, setSignOutputs } from '../report/sign/sign-outputs'
import { signSummary } from '../report/sign/sign-summary'
import { timelineDetails } from '../report/timeline'
import type { SigningParty } from '../tools/cosign/cosign'
import { bundleName, saveForJob } from '../tools/files/job-file'
import { finchHost, refuseFinchSigning } from '../tools/finch/finch-host'
import { loadSigningKeys } from './keys/signing-keys'
import { openTools, type Tools } from './shared/open-tools'
import { saveReport } from './shared/save-report'
import { type ImmutableTags, prepareEcrRepositories } from './sign/ecr-repositories'
import { readSignPlan } from './sign/plan'
import { preparedOf } from './sign/predicates'
import { type AtomicPublishing, publishAtomically } from './sign/publish/atomic'
import type { Publishing, SignedImage } from './sign/publish/context'
import type { FinchPublishing } from './sign/publish/finch'
import { refuseLocalSettings } from './sign/publish/in-place'
import type { FoundSignature } from './sign/signature/confirm'
import type { SignaturePolicy } from './sign/signature/stored'
import { openSession, type Step } from './step'

/** From so many signatures on it pays to give cosign a key that it opens faster (docs/performance.md). */
const MANY_SIGNATURES = 2

/** Publishes every image of the plan under all its tags, signed by every key. */
export async function sign(step: Step): Promise<void> {
  const run = await prepare(step)
  try {
    await fetchRemoteImage(run)
    if (run.settings.dryRun) return await showPlan(run)
    await build(run)
    const images = await publish(run)
    await report(run, images)
  } finally {
    await run.tools.close()
  }
}

interface Run {
  readonly step: Step
  readonly settings: SignInputs
  readonly plan: SignPlan
  /** Who signs, in the order in which they are given. */
  readonly parties: readonly SigningParty[]
  /** Public keys that a remote image must be signed by. */
  readonly verifyKeys: readonly PublicKey[]
  readonly tools: Tools
  readonly policy: SignaturePolicy
  readonly publishing: AtomicPublishing & FinchPublishing & Pick<Tools, 'finch'>
}

/** Reads all that was decided before, loads the keys, and opens the tools. Nothing is changed but that ECR repositories are made. */
async function prepare(step: Step): Promise<Run> {
  for (const secret of identitySecrets(step.inputs, step.environment)) step.secrets.add(secret)
  const settings = readSignInputs(step.inputs)
  refuseFinchSigning(finchHost(step.environment), settings.publish)
  const session = openSession(step)
  const plan = readSignPlan(session)
  if (plan.inPlace !== undefined) refuseLocalSettings(settings)
  const destinations = destinationsOf(plan)
  const source = readKeyless(step.inputs, step.environment, step.event)
  const policy = choosePolicy(step, settings, source !== undefined)
  const places = [...destinations, ...signaturePlace(settings)]
  const immutable = await prepareEcrRepositories(places, settings, step.workflow, step.cancelled)
  const formatsFor = formatsOf(settings, immutable, source !== undefined)
  noticeBundlesAlone(step, settings, destinations, formatsFor, source !== undefined)
  const count = destinations.reduce((sum, { repository }) => sum + formatsFor(repository).length, 0)
  const parties =
    source === undefined
      ? await loadSigningKeys(step, plan.keys, session.state.keys ?? [], count >= MANY_SIGNATURES)
      : [await (await keyless()).identityParty(step, source)]
  const finchSigns = settings.publish === 'finch'
  const tools = openTools(step, session, { ...settings, finchSigns, isBusy: destinations.length > 1 })
  const images = plan.images.map((image) => ({
    ...image,
    parties: partiesOf(image, parties),
    predicates: preparedOf(session, image),
  }))
  const { recursive, platforms } = settings
  const { workflow } = step
  const verifyKeys = session.state.verifyKeys ?? []
  const takeAlong = takeAlongOf(step, tools, plan, verifyKeys, policy)
  const attestsInBundles = settings.format === 'auto'
  const publishing = publishingOf(
    tools,
    { images, formatsFor, recursive, platforms, policy, immutable, workflow, takeAlong, attestsInBundles },
    plan,
  )
  return { step, settings, plan, parties, verifyKeys, tools, policy, publishing }
}

function signaturePlace({ signatureRepository: place }: SignInputs) {
  return place === undefined ? [] : [{ ...place, repository: repositoryOf(place) }]
}

/** What is stored with an image at its source goes along to each repository, and is verified there before any tag. */
function takeAlongOf(
  step: Step,
  tools: Tools,
  { promotion }: SignPlan,
  verifyKeys: readonly PublicKey[],
  { log }: SignaturePolicy,
): Publishing['takeAlong'] {
  if (promotion === undefined) return undefined
  return async (pushed) => {
    const [{ carryAlong }, { verifySource }] = await Promise.all([
      import('./sign/publish/carry'),
      import('./sign/promote'),
    ])
    const { exclusively } = tools
    await carryAlong({ registry: tools.registry, exclusively, workflow: step.workflow }, promotion, pushed)
    const { registry, path } = pushed.destination
    const target = { registry, path, digest: pushed.manifest.digest }
    if (verifyKeys.length > 0) await verifySource(step, tools, target, verifyKeys, log)
  }
}

/** Finch is opened by the first who calls it: for an image that is signed where it is there may be none. */
function publishingOf<T>(tools: Tools, settings: T, { inPlace }: SignPlan) {
  const { cosign, registry, sigstore, signatureRepository, exclusively } = tools
  return {
    get finch() {
      return tools.finch
    },
    ...{ cosign, registry, sigstore, signatureRepository, exclusively, inPlace },
    ...settings,
  }
}

function partiesOf({ keys: positions }: PlannedImage, parties: readonly SigningParty[]): SigningParty[] {
  const chosen = positions === undefined ? parties : parties.filter((_, index) => positions.includes(index))
  return distinctSigners(chosen, ({ signer }) => signer)
}

/** Loaded where no key signs. */
const keyless = () => import('./keys/identity')

function choosePolicy(step: Step, settings: SignInputs, isKeyless: boolean): SignaturePolicy {
  const { annotations, sigstore } = settings
  const needs = { hasOwnSigstore: sigstore.trustedRoot !== undefined, isKeyless }
  const choice = chooseLog(settings.transparencyLog, step.event, needs)
  if (choice.isGuess) step.workflow.notice({ title: 'No entry in the public transparency log', message: choice.notice })
  const ownLogs = sigstore.trustedRoot === undefined ? undefined : trustedLogIds(sigstore.trustedRoot)
  return { log: choice.log, annotations, ownLogs }
}

/** `auto` depends on the repository: where tags are immutable, the one with the older signatures could not be written again. */
function formatsOf(
  settings: SignInputs,
  immutable: Pick<ImmutableTags, 'has'>,
  isKeyless: boolean,
): Publishing['formatsFor'] {
  const { format, publish, sigstore } = settings
  const needs = { hasOwnSigstore: sigstore.trustedRoot !== undefined, isByFinch: publish === 'finch', isKeyless }
  return (repository) => {
    const isTagFixed = immutable.has(keptIn(settings, repository), SAMPLE_SIGNATURE_TAG)
    return chooseFormats(format, { ...needs, isTagFixed })
  }
}

/** The repository that holds the signatures of an image in this one. */
function keptIn({ signatureRepository: place }: SignInputs, repository: string): string {
  return place === undefined ? repository : repositoryOf(place)
}

/** @param formatsFor what is written; less than where all tags may move, and it is said */
function noticeBundlesAlone(
  { workflow }: Step,
  settings: SignInputs,
  destinations: readonly Destination[],
  formatsFor: Publishing['formatsFor'],
  isKeyless: boolean,
): void {
  const wanted = formatsOf(settings, { has: () => false }, isKeyless)
  const reduced = destinations.filter(({ repository }) => formatsFor(repository).length < wanted(repository).length)
  const fixed = [...new Set(reduced.map(({ repository }) => keptIn(settings, repository)))]
  if (fixed.length === 0) return
  const title = 'Signed for cosign 3 and Finch alone'
  workflow.notice({ title, message: bundlesAlone(fixed) })
}

function bundlesAlone(repositories: readonly string[]): string {
  return `Tags are immutable in ${repositories.join(', ')}, so the older form of the signature is left out there: its tag moves with each further signature. policy-controller, Kyverno and podman read no other form by a key. Exempt tags that match sha256-* from immutability, or set the input "signature-format" to bundle (or both).`
}

/** An image that lies in a registry is verified there and, where it goes elsewhere, pulled. */
async function fetchRemoteImage({ step, plan, tools, policy, settings, verifyKeys }: Run): Promise<void> {
  const remote = plan.promotion ?? plan.inPlace
  if (remote === undefined) return
  const { fetchImage, verifySource } = await import('./sign/promote')
  if (verifyKeys.length > 0) await verifySource(step, tools, remote, verifyKeys, policy.log)
  if (plan.promotion !== undefined && !settings.dryRun) await fetchImage(tools, plan.promotion)
}

async function showPlan({ publishing, step, settings, plan }: Run): Promise<void> {
  const { showPlan } = await import('./sign/dry-run')
  const { images, formatsFor, registry, policy } = publishing
  const { finch } = plan.inPlace === undefined ? publishing : { finch: undefined }
  const { workflow } = step
  await showPlan({ images, formatsFor, registry, policy, finch, workflow, publish: settings.publish }, plan)
}

async function build({ step, tools, plan }: Run): Promise<void> {
  if (plan.build === undefined) return
  const { build } = plan
  const { startBuildkit } = await import('./install/services')
  await startBuildkit(step)
  await step.workflow.group(`Build ${build.services.join(', ')}`, () => tools.finch.composeBuild(build))
}

async function publish({ settings, publishing }: Run): Promise<SignedImage[]> {
  if (settings.publish === 'atomic') return publishAtomically(publishing)
  const { publishWithFinch } = await import('./sign/publish/finch')
  return publishWithFinch(publishing)
}

async function report({ step, settings, policy, parties, tools }: Run, images: readonly SignedImage[]): Promise<void> {
  const publicKeys = distinct(keysOf(parties.map(({ signer }) => signer)))
  const [first] = images
  const bundle = first?.signatures.find((signature) => signature.bundle !== '')
  const bundlePath = bundle === undefined ? '' : saveBundle(step, first?.digest ?? '', bundle)
  setSignOutputs(step.workflow, images, publicKeys, bundlePath)
  const log = policy.log === 'public' && settings.sigstore.trustedRoot !== undefined ? 'own' : policy.log
  const { annotations } = settings
  const names = images.flatMap(({ repository, digest, tags }) => [`${repository}@${digest}`, ...tags])
  const signers = distinctSigners(parties, ({ signer }) => signer).map(({ signer }) => signer)
  saveReport(step, openSession(step), names, (header) =>
    signReportOf(header, images.map(imageEntry), signers, { log, annotations }),
  )
  const time = timelineDetails(step.stopwatch.calls, step.stopwatch.elapsed)
  const { signatureRepository } = tools
  const summary = signSummary(images, publicKeys, { log, annotations, signatureRepository })
  await step.workflow.addSummary([summary, ...time, ''].join('\n'))
  step.workflow.declareArtifacts(images)
}

function saveBundle(step: Step, digest: string, { bundle, keyFingerprint }: FoundSignature): string {
  return saveForJob(step.temporary, bundleName(digest, keyFingerprint), bundle)
}
