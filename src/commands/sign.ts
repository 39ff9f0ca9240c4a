import { distinct, type PublicKey } from '../domain/keys/public-key'
import { type Destination, destinationsOf, type PlannedImage, type SignPlan } from '../domain/publishing/sign-plan'
import { chooseFormats, SAMPLE_SIGNATURE_TAG } from '../domain/signatures/formats'
import { chooseLog } from '../domain/signatures/transparency-log'
import { readSignInputs, type SignInputs } from '../inputs/sign/sign-inputs'
import { trustedLogIds } from '../inputs/sigstore'
import { setSignOutputs } from '../report/sign/sign-outputs'
import { signSummary } from '../report/sign/sign-summary'
import { timelineDetails } from '../report/timeline'
import type { SigningKey } from '../tools/cosign/cosign'
import { bundleName, saveForJob } from '../tools/files/job-file'
import { finchHost, refuseFinchSigning } from '../tools/finch/finch-host'
import { loadSigningKeys } from './keys/signing-keys'
import { openTools, type Tools } from './shared/open-tools'
import { type ImmutableTags, prepareEcrRepositories } from './sign/ecr-repositories'
import { readSignPlan } from './sign/plan'
import { type AtomicPublishing, publishAtomically } from './sign/publish/atomic'
import type { Publishing, SignedImage } from './sign/publish/context'
import type { FinchPublishing } from './sign/publish/finch'
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
  readonly keys: readonly SigningKey[]
  /** Public keys that a remote image must be signed by. */
  readonly verifyKeys: readonly PublicKey[]
  readonly tools: Tools
  readonly policy: SignaturePolicy
  readonly publishing: AtomicPublishing & FinchPublishing & Pick<Tools, 'finch'>
}

/** Reads all that was decided before, loads the keys, and opens the tools. Nothing is changed but that ECR repositories are made. */
async function prepare(step: Step): Promise<Run> {
  const settings = readSignInputs(step.inputs)
  refuseFinchSigning(finchHost(step.environment), settings.publish)
  const session = openSession(step)
  const plan = readSignPlan(session)
  const destinations = destinationsOf(plan)
  const policy = choosePolicy(step, settings)
  const immutable = await prepareEcrRepositories(destinations, settings, step.workflow, step.cancelled)
  const formatsFor = formatsOf(settings, immutable)
  noticeBundlesAlone(step, settings, destinations, immutable)
  const count = destinations.reduce((sum, { repository }) => sum + formatsFor(repository).length, 0)
  const keys = await loadSigningKeys(step, plan.keys, session.state.keys ?? [], count >= MANY_SIGNATURES)
  const finchSigns = settings.publish === 'finch'
  const tools = openTools(step, session, { ...settings, finchSigns, isBusy: destinations.length > 1 })
  const images = plan.images.map((image) => ({ ...image, keys: keysOf(image, keys) }))
  const { recursive, platforms } = settings
  const { workflow } = step
  const publishing = { ...tools, images, formatsFor, recursive, platforms, policy, immutable, workflow }
  return { step, settings, plan, keys, verifyKeys: session.state.verifyKeys ?? [], tools, policy, publishing }
}

function keysOf({ keys: positions }: PlannedImage, keys: readonly SigningKey[]): SigningKey[] {
  const chosen = positions === undefined ? keys : keys.filter((_, index) => positions.includes(index))
  return distinct(chosen, ({ publicKey }) => publicKey)
}

function choosePolicy(step: Step, settings: SignInputs): SignaturePolicy {
  const { annotations, sigstore } = settings
  const choice = chooseLog(settings.transparencyLog, step.event, sigstore.trustedRoot !== undefined)
  if (choice.isGuess) step.workflow.notice({ title: 'No entry in the public transparency log', message: choice.notice })
  const ownLogs = sigstore.trustedRoot === undefined ? undefined : trustedLogIds(sigstore.trustedRoot)
  return { log: choice.log, annotations, ownLogs }
}

/** `auto` depends on the repository: where tags are immutable, the one with the older signatures could not be written again. */
function formatsOf({ format, publish, sigstore }: SignInputs, immutable: ImmutableTags): Publishing['formatsFor'] {
  const needs = { hasOwnSigstore: sigstore.trustedRoot !== undefined, isByFinch: publish === 'finch' }
  return (repository) =>
    chooseFormats(format, { ...needs, isTagFixed: immutable.has(repository, SAMPLE_SIGNATURE_TAG) })
}

function noticeBundlesAlone(
  { workflow }: Step,
  { format, publish, sigstore }: SignInputs,
  destinations: readonly Destination[],
  immutable: ImmutableTags,
): void {
  if (format !== 'auto' || publish === 'finch' || sigstore.trustedRoot !== undefined) return
  const all = new Set(destinations.map(({ repository }) => repository))
  const fixed = [...all].filter((repository) => immutable.has(repository, SAMPLE_SIGNATURE_TAG))
  if (fixed.length === 0) return
  const title = 'Signed for cosign 3 and Finch alone'
  workflow.notice({ title, message: bundlesAlone(fixed) })
}

function bundlesAlone(repositories: readonly string[]): string {
  return `Tags are immutable in ${repositories.join(', ')}, so the older form of the signature is left out there: its tag moves with each further signature. policy-controller, Kyverno and podman read no other form by a key. Exempt tags that match sha256-* from immutability, or set the input "signature-format" to bundle (or both).`
}

/** An image that lies in a registry is verified there, and pulled. */
async function fetchRemoteImage({ step, plan, tools, policy, settings, verifyKeys }: Run): Promise<void> {
  if (plan.promotion === undefined) return
  const { promote } = await import('./sign/promote')
  await promote(step, tools, plan.promotion, verifyKeys, { log: policy.log, dryRun: settings.dryRun })
}

async function showPlan({ publishing, step, settings, plan }: Run): Promise<void> {
  const { showPlan } = await import('./sign/dry-run')
  await showPlan({ ...publishing, workflow: step.workflow, publish: settings.publish }, plan)
}

async function build({ step, tools, plan }: Run): Promise<void> {
  if (plan.build === undefined) return
  const { build } = plan
  const { startBuildkit } = await import('./install/buildkit')
  await startBuildkit(step)
  await step.workflow.group(`Build ${build.services.join(', ')}`, () => tools.finch.composeBuild(build))
}

async function publish({ settings, publishing }: Run): Promise<SignedImage[]> {
  if (settings.publish === 'atomic') return publishAtomically(publishing)
  const { publishWithFinch } = await import('./sign/publish/finch')
  return publishWithFinch(publishing)
}

async function report({ step, settings, policy, keys }: Run, images: readonly SignedImage[]): Promise<void> {
  const publicKeys = distinct(keys.map((key) => key.publicKey))
  const [first] = images
  const bundle = first?.signatures.find((signature) => signature.bundle !== '')
  const bundlePath = bundle === undefined ? '' : saveBundle(step, first?.digest ?? '', bundle)
  setSignOutputs(step.workflow, images, publicKeys, bundlePath)
  const log = policy.log === 'public' && settings.sigstore.trustedRoot !== undefined ? 'own' : policy.log
  const time = timelineDetails(step.stopwatch.calls, step.stopwatch.elapsed)
  const summary = signSummary(images, publicKeys, { log, annotations: settings.annotations })
  await step.workflow.addSummary([summary, ...time, ''].join('\n'))
  step.workflow.declareArtifacts(images)
}

function saveBundle(step: Step, digest: string, { bundle, keyFingerprint }: FoundSignature): string {
  return saveForJob(step.temporary, bundleName(digest, keyFingerprint), bundle)
}
