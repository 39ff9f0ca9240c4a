import { repositoryOf } from '../domain/image/reference'
import { distinct, type PublicKey } from '../domain/keys/public-key'
import { destinationsOf, type PlannedImage, type SignPlan } from '../domain/publishing/sign-plan'
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
import { prepareEcrRepositories } from './sign/ecr-repositories'
import { readSignPlan } from './sign/plan'
import { type AtomicPublishing, publishAtomically } from './sign/publish/atomic'
import type { SignedImage } from './sign/publish/context'
import type { FinchPublishing } from './sign/publish/finch'
import type { FoundSignature } from './sign/signature/confirm'
import type { SignaturePolicy } from './sign/signature/stored'
import { openSession, type Step } from './step'

/** From so many signatures on it pays to give cosign a key that it opens faster (docs/performance.md). */
const MANY_SIGNATURES = 5

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
  const areMany = destinations.length * settings.formats.length >= MANY_SIGNATURES
  const keys = await loadSigningKeys(step, plan.keys, session.state.keys ?? [], areMany)
  const policy = choosePolicy(step, settings)
  const places = [...destinations, ...signaturePlace(settings)]
  const immutable = await prepareEcrRepositories(places, settings, step.workflow, step.cancelled)
  const finchSigns = settings.publish === 'finch'
  const tools = openTools(step, session, { ...settings, finchSigns, isBusy: destinations.length > 1 })
  const images = plan.images.map((image) => ({ ...image, keys: keysOf(image, keys) }))
  const { formats, recursive, platforms } = settings
  const { workflow } = step
  const publishing = { ...tools, images, formats, recursive, platforms, policy, immutable, workflow }
  return { step, settings, plan, keys, verifyKeys: session.state.verifyKeys ?? [], tools, policy, publishing }
}

function signaturePlace({ signatureRepository: place }: SignInputs) {
  return place === undefined ? [] : [{ ...place, repository: repositoryOf(place) }]
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

async function report({ step, settings, policy, keys, tools }: Run, images: readonly SignedImage[]): Promise<void> {
  const publicKeys = distinct(keys.map((key) => key.publicKey))
  const [first] = images
  const bundle = first?.signatures.find((signature) => signature.bundle !== '')
  const bundlePath = bundle === undefined ? '' : saveBundle(step, first?.digest ?? '', bundle)
  setSignOutputs(step.workflow, images, publicKeys, bundlePath)
  const log = policy.log === 'public' && settings.sigstore.trustedRoot !== undefined ? 'own' : policy.log
  const time = timelineDetails(step.stopwatch.calls, step.stopwatch.elapsed)
  const { annotations } = settings
  const { signatureRepository } = tools
  const summary = signSummary(images, publicKeys, { log, annotations, signatureRepository })
  await step.workflow.addSummary([summary, ...time, ''].join('\n'))
  step.workflow.declareArtifacts(images)
}

function saveBundle(step: Step, digest: string, { bundle, keyFingerprint }: FoundSignature): string {
  return saveForJob(step.temporary, bundleName(digest, keyFingerprint), bundle)
}
