/**
 * A Finch beside the one of the machine, and a Finch that signs with another cosign. Finch looks for its tools in
 * /usr/libexec/finch only, so a small script gives one call a view of the files in which other ones lie there: a mount
 * namespace of its own, which ends with the call. Nothing has to be put back, whatever happens to the job.
 */
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where Finch looks for its tools. */
export const LIBEXEC = '/usr/libexec/finch'
const PLACE = 'opt/finch-signing'

/** Folder, relative to the root, of a Finch beside the machine's own. */
export function besideFolder(version: string): string {
  return `${PLACE}/finch-${version}`
}

/** Folders with a `finch` that was installed beside the machine's own, newest name last. */
export function besidePaths(root = '/'): string[] {
  const place = join(root, PLACE)
  if (!existsSync(place)) return []
  return readdirSync(place)
    .filter((name) => name.startsWith('finch-'))
    .sort()
    .map((name) => join(place, name, 'bin'))
}

/** Something that is seen in another one's place during a call. */
export interface View {
  readonly source: string
  readonly target: string
}

/**
 * The text of a `finch` that calls another one while it sees `source` at `target`. As another user than root it does
 * nothing: only root may have a view of its own.
 */
export function viewScript(about: string, finch: string, { source, target }: View): string {
  const [quotedFinch, quotedSource, quotedTarget] = [finch, source, target].map(quote)
  return `#!/bin/sh
# ${about.replaceAll(/[\r\n]/g, ' ')}
# Only this call sees it: the view ends with the process.
if [ "$(id -u)" -ne 0 ]; then
  echo 'this finch has to be called as root: sudo "$(command -v finch)" ...' >&2
  exit 1
fi
exec unshare --mount -- /bin/sh -c 'mount --bind "$0" "$1" && shift && exec "$@"' ${quotedSource} ${quotedTarget} ${quotedFinch} "$@"
`
}

/**
 * nerdctl of a Finch beside the machine's own. It is called by its own path, which containerd's helpers find later from
 * outside of the view, and with its own network plugins.
 */
export function nerdctlScript(folder: string): string {
  const libexec = join(folder, 'libexec', 'finch')
  return `#!/bin/sh
exec ${quote(join(libexec, 'nerdctl'))} --cni-path=${quote(join(libexec, 'cni', 'bin'))} "$@"
`
}

/**
 * The path of a `finch` that signs with this cosign: the given one where it does so by itself, else a script in
 * `folder/bin`. The cosign stands at `folder/libexec/finch/cosign` then, as beside every Finch.
 */
export function finchSigningWith(folder: string, finch: string, cosign: string): string {
  const own = ownCosign(finch)
  if (own === undefined || realpathSync(own) === realpathSync(cosign)) return finch
  const path = join(folder, 'bin', 'finch')
  const link = join(folder, 'libexec', 'finch', 'cosign')
  for (const file of [path, link]) {
    mkdirSync(dirname(file), { recursive: true })
    rmSync(file, { force: true })
  }
  symlinkSync(cosign, link)
  const text = viewScript(`Finch, signing with ${cosign}`, finch, { source: cosign, target: own })
  writeFileSync(path, text, { mode: 0o755 })
  return path
}

/** The cosign that a Finch calls by itself; undefined: the one on PATH. */
function ownCosign(finch: string): string | undefined {
  const beside = [finch, realpathSync(finch)].map((path) => join(dirname(dirname(path)), 'libexec', 'finch'))
  return [...beside, LIBEXEC].map((folder) => join(folder, 'cosign')).find((path) => existsSync(path))
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
