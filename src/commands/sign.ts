import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import { chooseLog } from '../domain/transparency-log'
import { readSignInputs, type SignInputs } from '../inputs/sign'
import { setSignOutputs } from '../report/sign-outputs'
import { signSummary } from '../report/sign-summary'
import { bundleName, saveForJob } from '../tools/job-file'
import { prepareEcrRepositories } from './ecr-repositories'
import { promote } from './promote'
import { type Published, publishAtomically } from './publish-atomic'
import { publishWithFinch } from './publish-finch'
import type { FoundSignature, Publishing } from './publishing'
import { loadSigningKeys } from './signing-keys'
import { openSession, type Step } from './step'
import { openTools } from './tools'

/** Publishes the image under all its tags, signed by every key. */
export async function sign(step: Step): Promise<void> {
  const settings = readSignInputs(step.inputs)
  const session = openSession(step)
  const keys = await loadSigningKeys(step, session.state.keys ?? [])
  const log = chooseTransparencyLog(step, settings)
  const immutable = await prepareEcrRepositories(settings, step.workflow)
  const tools = openTools(step, session, settings.timeLimit, settings.sigstore)
  const publishing: Publishing = {
    ...tools,
    keys,
    settings: { ...settings, log },
    workflow: step.workflow,
    immutable,
    limit: pLimit(availableParallelism()),
  }
  try {
    if (settings.promotion !== undefined) {
      await promote(step, tools, settings.promotion, session.state.verifyKeys ?? [], { log, dryRun: settings.dryRun })
    }
    if (settings.dryRun) return await showPlan(publishing)
    const images = await publish(publishing)
    await report(step, images, publishing)
  } finally {
    await tools.close()
  }
}

function publish(publishing: Publishing): Promise<Published[]> {
  return publishing.settings.publish === 'atomic' ? publishAtomically(publishing) : publishWithFinch(publishing)
}

function chooseTransparencyLog(step: Step, settings: SignInputs): 'public' | 'none' {
  const choice = chooseLog(settings.transparencyLog, step.event, settings.sigstore.trustedRoot !== undefined)
  if (choice.isGuess) step.workflow.notice({ title: 'No entry in the public transparency log', message: choice.notice })
  return choice.log
}

/** A dry run looks at everything that can be looked at without changing anything: image, keys, registries. */
async function showPlan({ settings, keys, finch, registry, workflow }: Publishing): Promise<void> {
  const local = settings.promotion ?? (await finch.inspect(settings.image))
  workflow.info(`Would publish ${settings.image} (${local.digest}), publish: ${settings.publish}`)
  for (const destination of settings.destinations) {
    for (const tag of destination.tags) {
      const current = await registry.manifest(destination, tag)
      const now = current === undefined ? 'is not there yet' : `points to ${current.digest} now`
      workflow.info(`  to ${destination.repository}:${tag}, which ${now}`)
    }
  }
  for (const { publicKey } of keys) workflow.info(`  signed by ${publicKey.algorithm} key ${publicKey.fingerprint}`)
  workflow.info(`  transparency log: ${settings.log}; formats: ${settings.formats.join(', ')}`)
  workflow.setOutput('key-fingerprint', keys[0]?.publicKey.fingerprint ?? '')
  workflow.setOutput('images', '[]')
  workflow.notice({ title: 'Dry run', message: 'Nothing was changed.' })
}

async function report(step: Step, images: readonly Published[], { keys, settings }: Publishing): Promise<void> {
  const publicKeys = keys.map((key) => key.publicKey)
  const [first] = images
  const bundle = first?.signatures.find((signature) => signature.bundle !== '')
  const bundlePath = bundle === undefined ? '' : saveBundle(step, first?.digest ?? '', bundle)
  setSignOutputs(step.workflow, images, publicKeys, bundlePath)
  const { annotations, sigstore } = settings
  const log = settings.log === 'public' && sigstore.trustedRoot !== undefined ? 'own' : settings.log
  await step.workflow.addSummary(signSummary(images, publicKeys, { log, annotations }))
  step.workflow.declareArtifacts(images)
}

function saveBundle(step: Step, digest: string, { bundle, keyFingerprint }: FoundSignature): string {
  return saveForJob(step.temporary, bundleName(digest, keyFingerprint), bundle)
}
