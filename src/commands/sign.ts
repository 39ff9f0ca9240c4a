import pLimit from 'p-limit'
import { destinationsOf, type PlannedImage, type SignPlan } from '../domain/publishing/sign-plan'
import { chooseLog } from '../domain/signatures/transparency-log'
import { readSignInputs, type SignInputs } from '../inputs/sign/sign-inputs'
import { setSignOutputs } from '../report/sign/sign-outputs'
import { signSummary } from '../report/sign/sign-summary'
import { timelineDetails } from '../report/timeline'
import type { SigningKey } from '../tools/cosign/cosign'
import { bundleName, saveForJob } from '../tools/files/job-file'
import { finchHost, refuseFinchSigning } from '../tools/finch/finch-host'
import { startBuildkit } from './install/buildkit'
import { distinctSigningKeys, loadSigningKeys } from './keys/signing-keys'
import { openTools } from './shared/open-tools'
import { showPlan } from './sign/dry-run'
import { prepareEcrRepositories } from './sign/ecr-repositories'
import { readSignPlan } from './sign/plan'
import { promote } from './sign/promote'
import { publishAtomically } from './sign/publish/atomic'
import type { FoundSignature, Published, Publishing } from './sign/publish/context'
import { publishWithFinch } from './sign/publish/finch'
import { openSession, type Step } from './step'

/** Digests under way at once: connections and calls of cosign have bounds of their own. */
const AT_ONCE = 64

/** From so many signatures on it pays to encrypt a key anew, so that cosign opens it faster (docs/performance.md). */
const MANY_SIGNATURES = 5

/** Publishes every image of the plan under all its tags, signed by every key. */
export async function sign(step: Step): Promise<void> {
  const settings = readSignInputs(step.inputs)
  refuseFinchSigning(finchHost(step.environment), settings.publish)
  const session = openSession(step)
  const plan = readSignPlan(session)
  const signatures = destinationsOf(plan).length * settings.formats.length
  const areMany = signatures >= MANY_SIGNATURES
  const keys = await loadSigningKeys(step, plan.keys, session.state.keys ?? [], areMany)
  const log = chooseTransparencyLog(step, settings)
  const immutable = await prepareEcrRepositories(destinationsOf(plan), settings, step.workflow, step.cancelled)
  const finchSigns = settings.publish === 'finch'
  const tools = openTools(step, session, { ...settings, finchSigns, isBusy: destinationsOf(plan).length > 1 })
  const publishing: Publishing = {
    ...tools,
    images: plan.images.map((image) => ({ ...image, keys: keysOf(image, keys) })),
    settings: { ...settings, log },
    workflow: step.workflow,
    immutable,
    limit: pLimit(AT_ONCE),
    clock: () => performance.now(),
  }
  try {
    if (plan.promotion !== undefined) {
      await promote(step, tools, plan.promotion, session.state.verifyKeys ?? [], { log, dryRun: settings.dryRun })
    }
    if (settings.dryRun) return await showPlan(publishing, plan)
    await build(step, publishing, plan)
    const images = await publish(publishing)
    await report(step, images, distinctSigningKeys(keys), publishing.settings)
  } finally {
    await tools.close()
  }
}

function keysOf({ keys: positions }: PlannedImage, keys: readonly SigningKey[]): SigningKey[] {
  return distinctSigningKeys(positions === undefined ? keys : keys.filter((_, index) => positions.includes(index)))
}

async function build(step: Step, { workflow, finch }: Publishing, { build }: SignPlan): Promise<void> {
  if (build === undefined) return
  await startBuildkit(step)
  await workflow.group(`Build ${build.services.join(', ')}`, () => finch.composeBuild(build))
}

function publish(publishing: Publishing): Promise<Published[]> {
  return publishing.settings.publish === 'atomic' ? publishAtomically(publishing) : publishWithFinch(publishing)
}

function chooseTransparencyLog(step: Step, settings: SignInputs): 'public' | 'none' {
  const choice = chooseLog(settings.transparencyLog, step.event, settings.sigstore.trustedRoot !== undefined)
  if (choice.isGuess) step.workflow.notice({ title: 'No entry in the public transparency log', message: choice.notice })
  return choice.log
}

async function report(
  step: Step,
  images: readonly Published[],
  keys: readonly SigningKey[],
  settings: Publishing['settings'],
): Promise<void> {
  const publicKeys = keys.map((key) => key.publicKey)
  const [first] = images
  const bundle = first?.signatures.find((signature) => signature.bundle !== '')
  const bundlePath = bundle === undefined ? '' : saveBundle(step, first?.digest ?? '', bundle)
  setSignOutputs(step.workflow, images, publicKeys, bundlePath)
  const { annotations, sigstore } = settings
  const log = settings.log === 'public' && sigstore.trustedRoot !== undefined ? 'own' : settings.log
  const time = timelineDetails(step.stopwatch.calls, step.stopwatch.elapsed)
  const summary = signSummary(images, publicKeys, { log, annotations })
  await step.workflow.addSummary([summary, ...time, ''].join('\n'))
  step.workflow.declareArtifacts(images)
}

function saveBundle(step: Step, digest: string, { bundle, keyFingerprint }: FoundSignature): string {
  return saveForJob(step.temporary, bundleName(digest, keyFingerprint), bundle)
}
