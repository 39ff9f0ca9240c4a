/**
 * Finch on Linux: the files of its package for Debian are copied. The package itself is not installed, since apt would
 * remove Docker for it (docs/platforms.md).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ActionError } from '../../domain/errors/action-error'
import { askVersion } from '../machine/ask-version'
import { prepareContainerd } from '../machine/containerd'
import type { ActivationPorts } from '../machine/ports'
import { besideFolder, LIBEXEC, nerdctlScript, viewScript } from '../machine/side-by-side'
import { unpackDeb } from './deb-archive'
import { filesIn, type Placement, placeFiles } from './place-files'
import type { Activated, VerifiedPackage } from './verified-package'

const FRONT = 'usr/bin/finch'
const TOOLS = 'usr/libexec/finch'
const NERDCTL = `${TOOLS}/nerdctl`
const SETTINGS = 'etc/finch'
const UNITS = 'etc/systemd/system'
const DATA_FOLDERS = ['var/lib/finch/buildkit', 'var/lib/finch/soci', `${SETTINGS}/cni/net.d`]
const BEGUN = '.finch-signing-begun'

/**
 * Copies Finch to its place below the root. Where another Finch, or another program of that name, is there already, it is
 * left alone and the wanted one goes beside it.
 */
export async function activateDeb(pack: VerifiedPackage, ports: ActivationPorts): Promise<Activated> {
  const folder = mkdtempSync(join(ports.temporary, 'finch-package-'))
  try {
    await unpackDeb(pack.path, folder, [FRONT, TOOLS, SETTINGS, UNITS], ports)
    const files = filesIn(folder).filter((path) => isWanted(path))
    for (const path of [FRONT, NERDCTL]) if (!files.includes(path)) throw incomplete(pack, path)
    const path = await install(pack, folder, files, ports)
    await prepareContainerd(ports)
    const isScratch = ports.root !== '/'
    return { path, version: isScratch ? pack.version : await askVersion(pack, path, ports, true) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Beside the files of Finch lies the unpacked archive itself. */
function isWanted(path: string): boolean {
  if (path.startsWith(`${UNITS}/`)) return /^finch[a-z-]*\.(service|socket)$/.test(path.slice(UNITS.length + 1))
  return path === FRONT || path.startsWith(`${TOOLS}/`) || path.startsWith(`${SETTINGS}/`)
}

async function install(
  pack: VerifiedPackage,
  folder: string,
  files: readonly string[],
  ports: ActivationPorts,
): Promise<string> {
  const settings = files.filter((path) => path.startsWith('etc/')).map((path) => copy(folder, path, 'keep'))
  const tools = files.filter((path) => path.startsWith(`${TOOLS}/`))
  const own = await placeFiles(
    {
      placements: [...settings, ...tools.map((path) => copy(folder, path)), copy(folder, FRONT)],
      folders: DATA_FOLDERS,
      unless: [FRONT, NERDCTL],
      begun: `${TOOLS}/${BEGUN}`,
    },
    ports,
  )
  if (own) {
    ports.say(`Finch ${pack.version} is installed`)
    return join(ports.root, FRONT)
  }
  const beside = besideFolder(pack.version)
  await placeFiles(placeBeside(pack, folder, { settings, tools }, ports.root), ports)
  ports.say(`Finch ${pack.version} is installed in ${join(ports.root, beside)}, beside the finch that is there already`)
  return join(ports.root, beside, 'bin', 'finch')
}

function copy(folder: string, to: string, rule?: Placement['rule']): Placement {
  return { from: join(folder, to), to, ...(rule && { rule }) }
}

/**
 * `libexec/finch` holds the tools, `view` the same by links' means: what a call sees as /usr/libexec/finch.
 */
function placeBeside(
  { version }: VerifiedPackage,
  folder: string,
  { settings, tools }: { settings: readonly Placement[]; tools: readonly string[] },
  root: string,
) {
  const beside = besideFolder(version)
  const made = join(root, beside)
  const script = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text, { mode: 0o755 })
    return path
  }
  const about = `Finch ${version}, beside the finch of this machine`
  const view = { source: join(made, 'view'), target: join(root, LIBEXEC) }
  const below = tools.map((path) => ({ path, name: path.slice(TOOLS.length + 1) }))
  const placements: Placement[] = [
    ...settings,
    ...below.map(({ path, name }) => ({ from: join(folder, path), to: `${beside}/libexec/finch/${name}` })),
    ...below
      .filter(({ name }) => name !== 'nerdctl' && !name.includes('/'))
      .map(({ name }) => ({
        from: `${made}/libexec/finch/${name}`,
        to: `${beside}/view/${name}`,
        rule: 'link' as const,
      })),
    { from: script('nerdctl-script', nerdctlScript(made)), to: `${beside}/view/nerdctl` },
    { from: join(folder, FRONT), to: `${beside}/libexec/front/finch` },
    {
      from: script('finch-script', viewScript(about, join(made, 'libexec/front/finch'), view)),
      to: `${beside}/bin/finch`,
    },
  ]
  return { placements, folders: [...DATA_FOLDERS, TOOLS], begun: `${beside}/${BEGUN}` }
}

function incomplete({ path }: VerifiedPackage, missing: string): ActionError {
  return new ActionError('package-refused', {
    title: 'The package is refused',
    what: `${path} does not hold ${missing}.`,
    hint: 'Check the inputs "finch-version" and "download-url".',
  })
}
