import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Daemon, startDaemon } from '../daemon'
import { type RunOptions, type RunResult, run } from '../process'

/**
 * This machine without a Finch, with files of its own where programs are installed: what is written below these folders, is seen there
 * only, and is gone with it. Processes, network and all other files are shared. It needs root; an ordinary user enters it
 * by `sudo nsenter`, and is nobody but that user in it.
 */
export interface OtherMachine {
  /** Folder for the front of PATH; its `bash` runs there. */
  readonly bin: string
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>
  stop(): Promise<void>
}

const FOLDERS = ['usr', 'etc', 'opt', 'var/lib']

/** What an installed Finch consists of; it is removed from the layers alone. */
const FINCH = [
  ...['/usr/bin/finch', '/usr/local/bin/finch', '/usr/libexec/finch', '/opt/finch-signing', '/var/lib/finch'],
  ...['/etc/finch', '/etc/systemd/system/finch*', '/usr/lib/systemd/system/finch*'],
]

const SCRIPT = `set -e
mount -t tmpfs -o mode=755 machine "$0"
for folder in ${FOLDERS.join(' ')}; do
  layer=$0/$(echo "$folder" | tr / -)
  mkdir -p "/$folder" "$layer/upper" "$layer/work"
  mount -t overlay -o "lowerdir=/$folder,upperdir=$layer/upper,workdir=$layer/work" machine "/$folder"
done
rm -rf ${FINCH.join(' ')}
echo ready
exec sleep infinity`

/** Starts one below a folder of the bed. */
export async function startOtherMachine(parent: string): Promise<OtherMachine> {
  const dir = await mkdtemp(join(parent, 'machine-'))
  const [bin, layers] = [join(dir, 'bin'), join(dir, 'layers')]
  for (const folder of [bin, layers]) await mkdir(folder)
  await chmod(dir, 0o755)
  const daemon = await startDaemon({
    name: 'machine',
    argv: ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', SCRIPT, layers],
    dir,
    root: true,
    ready: (log) => (log.includes('ready') ? 'up' : undefined),
  })
  await writeFile(join(bin, 'bash'), shellText(daemon), { mode: 0o755 })
  return {
    bin,
    run: (argv, options = {}) => run(join(bin, 'bash'), ['-c', '"$0" "$@"', ...argv], options),
    stop: daemon.stop,
  }
}

/** A bash that starts in the same folder, as the same user, with the same variables, among the machine's files. */
function shellText({ pid }: Daemon): string {
  return `#!/bin/sh
[ "$BED_MACHINE" != ${pid} ] || exec /bin/bash "$@"
enter='nsenter --target=${pid} --mount'
[ "$(id -u)" = 0 ] || enter="sudo -n --preserve-env $enter"
exec $enter -- setpriv --reuid="$(id -u)" --regid="$(id -g)" --init-groups -- \\
  env PATH="$PATH" HOME="$HOME" BED_MACHINE=${pid} /bin/sh -c 'cd "$0" && exec /bin/bash "$@"' "$PWD" "$@"
`
}
