/**
 * Finds the Finch and the cosign that are installed on the runner already.
 */
import { accessSync, constants, realpathSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { ActionError } from '../../domain/errors/action-error'
import { isWanted, PINNED_COSIGN, parseCosignVersion, parseFinchVersion } from '../../domain/releases/tool-version'
import { besidePaths } from './side-by-side'

export interface Tool {
  readonly path: string
  readonly version: string
}

/** Runs a program with arguments and returns all that it printed, whatever its exit code; empty when it does not start. */
export type Ask = (path: string, args: readonly string[]) => Promise<string>

/** What cosign is asked for its version with. */
export const COSIGN_VERSION = ['version', '--json']

const FINCH_FOLDERS = ['/usr/bin', '/usr/local/bin', '/Applications/Finch/bin', 'C:\\Program Files\\Finch\\bin']
const BUNDLED_COSIGN = '/usr/libexec/finch/cosign'

/** What a look at the machine has found: the tool, or what is there in its place. */
export type Look =
  | { readonly tool: Tool }
  | {
      readonly tool: undefined
      readonly missing: ActionError
      /** Installed ones of other versions, in the order in which a shell would find them. */
      readonly others: readonly Tool[]
    }

/**
 * The installed Finch of the wanted version. Throws an ActionError that tells apart: nothing there, another program of
 * that name, and another version.
 */
export async function findFinch(wanted: string, searchPath: string, ask: Ask): Promise<Tool> {
  return orThrow(await lookForFinch(wanted, searchPath, ask))
}

/** Looks for the Finch of {@link findFinch}. */
export async function lookForFinch(wanted: string, searchPath: string, ask: Ask): Promise<Look> {
  const strangers: string[] = []
  const others: Tool[] = []
  for (const path of candidates('finch', [...searchPath.split(delimiter), ...FINCH_FOLDERS, ...besidePaths()])) {
    const version = parseFinchVersion(await ask(path, ['version']))
    if (version === undefined) strangers.push(path)
    else if (isWanted(version, wanted)) return { tool: { path, version } }
    else others.push({ path, version })
  }
  return { tool: undefined, missing: finchMissing(wanted, others, strangers), others }
}

/**
 * The installed cosign of the wanted version. `bundled` is the one that comes with this Finch, and the one on the
 * search path where Finch brings none.
 */
export async function findCosign(wanted: string, finch: Tool, searchPath: string, ask: Ask): Promise<Tool> {
  return orThrow(await lookForCosign(wanted, finch, searchPath, ask))
}

/** Looks for the cosign of {@link findCosign}; without a Finch there is none that it brings. */
export async function lookForCosign(
  wanted: string,
  finch: Pick<Tool, 'path'> | undefined,
  searchPath: string,
  ask: Ask,
): Promise<Look> {
  const beside = finch === undefined ? [] : [finch.path, realpathSync(finch.path)].map(besideFinch)
  const onPath = candidates('cosign', searchPath.split(delimiter))
  const bundled = [...beside, BUNDLED_COSIGN].filter(isExecutable)
  const order = wanted === 'bundled' ? [...bundled, ...onPath] : [...onPath, ...bundled]
  const others: Tool[] = []
  for (const path of order) {
    const version = parseCosignVersion(await ask(path, COSIGN_VERSION))
    if (version !== undefined && isWanted(version, wanted)) return { tool: { path, version } }
    if (version !== undefined) others.push({ path, version })
  }
  return { tool: undefined, missing: cosignMissing(wanted, others), others }
}

/**
 * Looks for a cosign where no Finch is going to be called: on the search path, and the one of a Finch that happens to be
 * there. `bundled` means the pinned version then, or a later one of the same major version.
 */
export function lookForCosignAlone(wanted: string, searchPath: string, ask: Ask): Promise<Look> {
  const finch = firstOnPath('finch', searchPath)
  const version = wanted === 'bundled' ? `^${PINNED_COSIGN}` : wanted
  return lookForCosign(version, finch === undefined ? undefined : { path: finch }, searchPath, ask)
}

function orThrow(look: Look): Tool {
  if (look.tool === undefined) throw look.missing
  return look.tool
}

/** The cosign that the first Finch on the search path would bring, which is nearly always the one that is used. */
export function likelyCosign(searchPath: string): string | undefined {
  const finch = firstOnPath('finch', searchPath)
  if (finch === undefined) return undefined
  return [besideFinch(finch), BUNDLED_COSIGN].find(isExecutable)
}

function besideFinch(finch: string): string {
  return join(dirname(dirname(finch)), 'libexec', 'finch', 'cosign')
}

/** What a shell would start under this name; undefined: nothing. */
export function firstOnPath(name: string, searchPath: string): string | undefined {
  return candidates(name, searchPath.split(delimiter))[0]
}

/**
 * Only absolute folders count: any other one, among them those of another system, lies below the workspace, whose files
 * may be a stranger's.
 */
function candidates(name: string, folders: readonly string[]): string[] {
  const file = process.platform === 'win32' ? `${name}.exe` : name
  const paths = folders.filter((folder) => isAbsolute(folder)).map((folder) => join(folder, file))
  return [...new Set(paths)].filter(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function finchMissing(wanted: string, others: readonly Tool[], strangers: readonly string[]): ActionError {
  if (others.length === 0 && strangers.length > 0) {
    return new ActionError('finch-is-another-program', {
      title: 'This finch is not Finch',
      what: `${strangers.join(' and ')} does not answer "finch version" as Finch does.`,
      why: 'Debian and Ubuntu have an unrelated chat program of the same name.',
      hint: 'Install Finch from runfinch.com and put it before the other one on PATH, or remove the package "finch".',
    })
  }
  const found = installed(others)
  return new ActionError('finch-not-found', {
    title: 'Finch is not installed',
    what: `The input "finch-version" asks for ${wanted}; ${found}.`,
    why: 'With "system" only what is installed already is used.',
    hint: 'Install it in an earlier step, or give a version, which is downloaded then.',
  })
}

function cosignMissing(wanted: string, others: readonly Tool[]): ActionError {
  const found = installed(others)
  return new ActionError('cosign-not-found', {
    title: 'cosign is not installed',
    what: `The input "cosign-version" asks for ${wanted}; ${found}.`,
    why: 'With "system" and "bundled" only what is installed already is used.',
    hint: 'Install it in an earlier step, or give a version, which is downloaded then.',
  })
}

function installed(tools: readonly Tool[]): string {
  if (tools.length === 0) return 'none is installed'
  return `installed is ${tools.map(({ version, path }) => `${version} (${path})`).join(', ')}`
}
