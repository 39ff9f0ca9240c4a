/**
 * Downloads, proves and installs what is missing of Finch and cosign, both at the same time.
 */
import { dirname } from 'node:path'
import { ActionError } from '../../domain/errors/action-error'
import { TOOL_TITLES, type ToolName } from '../../domain/releases/release-asset'
import { bundledCosign, isWanted, PINNED_COSIGN } from '../../domain/releases/tool-version'
import type { SetupInputs } from '../../inputs/setup'
import { type Ask, findCosign, lookForCosign, lookForFinch, type Tool } from '../../install/machine/find'
import { refuseRunnerWithoutCosign, refuseUnsupportedRunner } from '../../install/machine/runner-check'
import { obtain } from '../../install/obtain/obtain'
import { resolve } from '../../install/obtain/resolve'
import { activate } from '../../install/packages/activate'
import type { VerifiedPackage } from '../../install/packages/verified-package'
import type { Step } from '../step'
import { activationPorts, runnerFacts } from './activation'
import { type Installation, openInstallation } from './installation'
import type { PresentTools, ReadyTools } from './ready-tools'

/** A tool that is there already, or a package that is to be installed. */
type Provided = Tool | VerifiedPackage

function isPackage(provided: Provided | undefined): provided is VerifiedPackage {
  return provided !== undefined && 'kind' in provided
}

/** A tool that can be called, and the package that it came in. */
interface Ready {
  readonly tool: Tool
  readonly pack: VerifiedPackage | undefined
}

/**
 * Brings what `present` lacks. Each tool is installed as soon as it is proven. Throws ActionErrors; a failure of one tool
 * ends the download of the other one.
 */
export async function installTools(
  step: Step,
  wanted: SetupInputs,
  present: PresentTools,
  ask: Ask,
): Promise<ReadyTools> {
  if (present.finch === undefined) refuseUnsupportedRunner(runnerFacts(step))
  const installation = openInstallation(step, wanted)
  const { finchVersion, finchSha256, cosignVersion, cosignSha256 } = wanted
  const ready = async (provided: Tool | Promise<Provided>): Promise<Ready> => makeReady(step, await provided)
  const finch = ready(
    present.finch ??
      provide('finch', finchVersion, finchSha256, installation, ask).catch((error: unknown) => {
        throw withInstalled(error, present.otherFinch)
      }),
  )
  const isBrought = present.cosign === undefined && comesWithFinch(wanted)
  const cosign = isBrought
    ? finch.then(({ tool }) => broughtBy(tool, step, wanted, ask))
    : ready(present.cosign ?? provide('cosign', cosignVersion, cosignSha256, installation, ask))
  try {
    return together(...(await Promise.all([finch, cosign])))
  } finally {
    installation.abort()
    await Promise.allSettled([finch, cosign])
    await installation.close()
  }
}

/** Brings cosign alone. Throws ActionErrors, before any download where there is no cosign for this machine. */
export async function installCosign(step: Step, wanted: SetupInputs, ask: Ask): Promise<ReadyTools> {
  const { cosignVersion, cosignSha256 } = wanted
  const installation = openInstallation(step, wanted)
  try {
    refuseRunnerWithoutCosign(installation.ports.platform)
    const version = cosignVersion === 'bundled' ? PINNED_COSIGN : cosignVersion
    const { tool, pack } = await makeReady(step, await provide('cosign', version, cosignSha256, installation, ask))
    return { finch: undefined, cosign: tool, isDownloaded: pack !== undefined && !pack.fromCache, folders: [] }
  } finally {
    installation.abort()
    await installation.close()
  }
}

/** Where no download can be had, somebody may be content with what is there. */
function withInstalled(error: unknown, installed: Tool | undefined): unknown {
  if (!(error instanceof ActionError) || installed === undefined) return error
  if (!['download-failed', 'forge-denied', 'rate-limited', 'release-not-found'].includes(error.code)) return error
  const { code, title, message, why, hint, cause } = error
  const instead = `Installed is Finch ${installed.version} (${installed.path}); "finch-version: system" uses it.`
  return new ActionError(code, { title, what: message, why, hint: `${hint} ${instead}`.trim() }, { cause })
}

async function broughtBy(finch: Tool, step: Step, { cosignVersion }: SetupInputs, ask: Ask): Promise<Ready> {
  return { tool: await findCosign(cosignVersion, finch, step.environment.PATH ?? '', ask), pack: undefined }
}

function together(finch: Ready, cosign: Ready): ReadyTools {
  const packs = [finch.pack, cosign.pack].filter((pack) => pack !== undefined)
  return {
    finch: finch.tool,
    cosign: cosign.tool,
    isDownloaded: packs.some(({ fromCache }) => !fromCache),
    isInstalled: packs.length > 0,
    folders: cosign.pack === undefined ? [] : [dirname(cosign.tool.path)],
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

async function makeReady(step: Step, provided: Provided): Promise<Ready> {
  if (!isPackage(provided)) return { tool: provided, pack: undefined }
  const { path, version } = await activate(provided, activationPorts(step))
  if (version === provided.version) return { tool: { path, version }, pack: provided }
  const title = TOOL_TITLES[provided.tool]
  throw new ActionError('package-refused', {
    title: `This ${title} is not the released one`,
    what: `The package of ${title} ${provided.version} holds version ${version}.`,
    why: 'Somebody has put another release in its place.',
    hint: 'Tell whoever runs the server or mirror that it came from.',
  })
}
