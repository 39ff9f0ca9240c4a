/**
 * Downloads, proves and installs what is missing of Finch and cosign, both at the same time.
 */
import { dirname } from 'node:path'
import { ActionError } from '../domain/action-error'
import { TOOL_TITLES, type ToolName } from '../domain/release-asset'
import { bundledCosign, isWanted } from '../domain/tool-version'
import type { SetupInputs } from '../inputs/setup'
import { activate } from '../install/activate'
import { type Ask, findCosign, lookForCosign, lookForFinch, type Tool } from '../install/find'
import { obtain } from '../install/obtain'
import type { VerifiedPackage } from '../install/package'
import { resolve } from '../install/resolve'
import { refuseUnsupportedRunner } from '../install/runner-check'
import { activationPorts, runnerFacts } from './activation'
import { type Installation, openInstallation } from './installation'
import type { PresentTools, ReadyTools } from './setup'
import type { Step } from './step'

/** A tool that is there already, or a package that is to be installed. */
type Provided = Tool | VerifiedPackage

function isPackage(provided: Provided | undefined): provided is VerifiedPackage {
  return provided !== undefined && 'kind' in provided
}

/** Brings what `present` lacks. Throws ActionErrors; a failure of one tool ends the work for the other one. */
export async function installTools(
  step: Step,
  wanted: SetupInputs,
  present: PresentTools,
  ask: Ask,
): Promise<ReadyTools> {
  if (present.finch === undefined) refuseUnsupportedRunner(runnerFacts(step))
  const installation = openInstallation(step, wanted)
  const { finchVersion, finchSha256, cosignVersion, cosignSha256 } = wanted
  const work = [
    present.finch ?? provide('finch', finchVersion, finchSha256, installation, ask),
    present.cosign ??
      (comesWithFinch(wanted) ? undefined : provide('cosign', cosignVersion, cosignSha256, installation, ask)),
  ] as const
  try {
    const provided = await Promise.all(work)
    return await activateBoth(step, wanted, provided, ask)
  } finally {
    installation.abort()
    await Promise.allSettled(work)
    await installation.close()
  }
}

/** True where the Finch that is going to be installed is known to bring the wanted cosign. */
function comesWithFinch({ finchVersion, cosignVersion }: SetupInputs): boolean {
  if (cosignVersion === 'bundled' || cosignVersion === 'system') return true
  const bundled = process.platform === 'linux' ? bundledCosign(finchVersion) : undefined
  return bundled !== undefined && cosignVersion !== 'latest' && isWanted(bundled, cosignVersion)
}

async function provide(
  tool: ToolName,
  wanted: string,
  pin: string | undefined,
  { ports, searchPath }: Installation,
  ask: Ask,
): Promise<Provided> {
  const resolved = await resolve(tool, wanted, ports.platform, ports.sources)
  if (wanted === 'latest') {
    const look =
      tool === 'finch'
        ? lookForFinch
        : (version: string, path: string, by: Ask) => lookForCosign(version, undefined, path, by)
    const { tool: installed } = await look(resolved.version, searchPath, ask)
    if (installed !== undefined) return installed
  }
  return obtain({ tool, resolved, pin }, ports)
}

async function activateBoth(
  step: Step,
  wanted: SetupInputs,
  [finchProvided, cosignProvided]: readonly [Provided, Provided | undefined],
  ask: Ask,
): Promise<ReadyTools> {
  const finch = await activateOne(step, finchProvided)
  const cosign =
    cosignProvided === undefined
      ? await findCosign(wanted.cosignVersion, finch, step.environment.PATH ?? '', ask)
      : await activateOne(step, cosignProvided)
  const packages = [finchProvided, cosignProvided].filter(isPackage)
  return {
    finch,
    cosign,
    isDownloaded: packages.some((one) => !one.fromCache),
    folders: isPackage(cosignProvided) ? [dirname(cosign.path)] : [],
  }
}

async function activateOne(step: Step, provided: Provided): Promise<Tool> {
  if (!isPackage(provided)) return provided
  const { path, version } = await activate(provided, activationPorts(step))
  if (version === provided.version) return { path, version }
  const title = TOOL_TITLES[provided.tool]
  throw new ActionError('package-refused', {
    title: `This ${title} is not the released one`,
    what: `The package of ${title} ${provided.version} holds version ${version}.`,
    why: 'Somebody has put another release in its place.',
    hint: 'Tell whoever runs the server or mirror that it came from.',
  })
}
