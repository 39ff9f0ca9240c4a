/**
 * Puts unpacked files where they belong, as root: each is written beside its place and renamed into it.
 */
import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { lastWords } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'
import type { ActivationPorts } from '../machine/ports'

/** A file to put somewhere. */
export interface Placement {
  /** Where it lies now. */
  readonly from: string
  /** Where it goes, relative to the root. */
  readonly to: string
  /** `keep` leaves what is there already; `link` makes a symbolic link to `from`; else it is replaced. */
  readonly rule?: 'keep' | 'link'
}

export interface PlaceOptions {
  readonly placements: readonly Placement[]
  /** Folders that have to be there, relative to the root. */
  readonly folders?: readonly string[]
  /** Nothing is changed when the first is there, or the second without {@link begun}: somebody else's installation. */
  readonly unless?: readonly [whole: string, part: string]
  /** Stands there while the work is unfinished: a run that was killed can be completed by the next one. */
  readonly begun: string
}

/** What may stand in a path that goes through a shell's `read`. */
const PLAIN_PATH = /^[A-Za-z0-9._+@/-]+$/
const TAKEN = 75
const TIME_LIMIT = 120_000
/** Seconds; less than the time limit, so that the message says what was waited for. */
const LOCK_LIMIT = 90

/**
 * $1 the root, $2 the note of unfinished work, $3 and $4 what must not be there. Standard input: lines `mode rule path
 * source`, the source last because it may hold spaces. The lock ends with the process, and
 * lies where only root writes: in a folder that others write to, anybody could hold it, or lead it to a file of root's.
 */
const SCRIPT = `set -eu
umask 022
root=$1
begun=$root/$2
mkdir -p "$root/run/finch-signing"
exec 9>"$root/run/finch-signing/lock"
if command -v flock >/dev/null && ! flock -w ${LOCK_LIMIT} 9; then
  echo "another installation of Finch does not end" >&2; exit 1
fi
if [ $# -gt 2 ]; then
  if [ -e "$root/$3" ]; then exit ${TAKEN}; fi
  if [ -e "$root/$4" ] && ! [ -e "$begun" ]; then exit ${TAKEN}; fi
fi
mkdir -p "\${begun%/*}"
: >"$begun"
whole=no
while read -r mode rule path source; do
  if [ "$mode" = end ]; then whole=yes; break; fi
  target=$root/$path
  if [ "$rule" = folder ]; then mkdir -p "$target"; continue; fi
  if [ "$rule" = keep ] && { [ -e "$target" ] || [ -L "$target" ]; }; then continue; fi
  mkdir -p "\${target%/*}"
  if [ -d "$target" ] && ! [ -L "$target" ]; then echo "$target is a folder" >&2; exit 1; fi
  new=$target.finch-signing-new
  rm -f "$new"
  if [ "$rule" = link ]; then
    ln -s "$source" "$new"
  else
    cp "$source" "$new"
    if [ "$(id -u)" = 0 ]; then chown 0:0 "$new"; fi
    chmod "$mode" "$new"
  fi
  if [ -L "$target" ]; then rm -f "$target"; fi
  mv -f "$new" "$target"
done
if [ $whole = no ]; then echo 'the list of files was cut' >&2; exit 1; fi
rm -f "$begun"
`

/** Puts files in place, in their order. False: it did nothing, because of `unless`. */
export async function placeFiles(options: PlaceOptions, ports: ActivationPorts): Promise<boolean> {
  const { placements, folders = [], unless = [], begun } = options
  const targets = [...placements.map(({ to }) => to), ...folders, begun]
  for (const target of targets) refuseEscape(ports.root, target)
  const lines = [
    ...folders.map((folder) => `755 folder ${folder}`),
    ...placements.map(({ from, to, rule = 'replace' }) => `${modeOf(from, rule)} ${rule} ${to} ${from}`),
  ]
  const ended = await ports.run({
    label: 'copying Finch',
    file: 'sh',
    args: ['-c', SCRIPT, 'sh', ports.root.replace(/\/$/, ''), begun, ...unless],
    input: `${lines.join('\n')}\nend\n`,
    timeLimit: TIME_LIMIT,
    asRoot: true,
  })
  if (ended.exitCode === TAKEN) return false
  if (ended.exitCode === 0) return true
  throw new ActionError(
    'install-failed',
    {
      title: 'Finch cannot be installed',
      what: `The files of Finch could not be copied below ${ports.root}.`,
      why: 'What was there before is whole: each file is replaced in one go.',
      hint: 'Is the disk full, or mounted read-only? Run the job again afterwards: it completes what was begun.',
    },
    { cause: lastWords(ended) },
  )
}

function modeOf(from: string, rule: string): string {
  return rule !== 'link' && (lstatSync(from).mode & 0o111) === 0 ? '644' : '755'
}

/** The regular files below a folder, relative to it. Throws when there is anything but files and folders. */
export function filesIn(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name)
    if (entry.isDirectory()) return filesIn(folder, path)
    if (entry.isFile() && PLAIN_PATH.test(path)) return [path]
    throw new ActionError('package-refused', {
      title: 'The package is refused',
      what: `The package holds ${JSON.stringify(path)}, which is no plain file.`,
      hint: 'Do not install it. Please report where it came from.',
    })
  })
}

/** No folder on the way to a target may lead out of the root. */
function refuseEscape(root: string, target: string): void {
  const top = realpathSync(root)
  let folder = dirname(join(root, target))
  while (!existsSync(folder)) folder = dirname(folder)
  const real = realpathSync(folder)
  const isInside = real === top || real.startsWith(top.endsWith(sep) ? top : `${top}${sep}`)
  if (isInside && PLAIN_PATH.test(target) && !target.split('/').includes('..')) return
  throw new ActionError('install-failed', {
    title: 'Finch cannot be installed',
    what: `${join(root, target)} leads to ${real}, out of ${root}.`,
    why: 'A symbolic link on the way is not followed.',
    hint: 'Remove the link, or install Finch by hand and set "finch-version: system".',
  })
}
