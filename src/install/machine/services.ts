/**
 * Services that Finch works with on Linux: started, seen to be active, and quoted where they are not.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { lastLines, lastWords, type ProcessResult } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'
import type { ActivationPorts } from './ports'

/** What is to run. */
export interface Service {
  /** Of systemd. */
  readonly unit: string
  /** How it is named in messages. */
  readonly title: string
  /** Where it listens, relative to the root. */
  readonly socket: string
  /** Program and arguments for a machine without systemd; without one it cannot be started there. */
  readonly daemon?: readonly string[]
  /** A call that succeeds when the service does its work; a socket of systemd's is there before it does. */
  readonly probe?: readonly string[]
}

const START_LIMIT = 30_000
const PROBE_LIMIT = 20_000
const WAIT = 250
/** Of a log, for a message. */
const LOG_LINES = 15

/** True where systemd runs the services of the machine. */
export function hasSystemd({ root }: ActivationPorts): boolean {
  return existsSync(join(root, 'run/systemd/system'))
}

/** By systemd where it runs; else as a process of its own with a log, which ends with the machine or the job's runner. */
export async function startService(ports: ActivationPorts, service: Service): Promise<void> {
  await (hasSystemd(ports) ? startUnit(ports, service) : startDaemon(ports, service))
  ports.say(`${service.title} is started`)
}

/** The last lines of a unit's log; empty where there is none. */
export async function unitLog(ports: ActivationPorts, unit: string): Promise<string> {
  if (!hasSystemd(ports)) return ''
  const args = ['--unit', unit, '--lines', `${LOG_LINES}`, '--no-pager', '--output', 'cat']
  const command = { label: 'journalctl', file: 'journalctl', args, timeLimit: PROBE_LIMIT, asRoot: true }
  const ended = await ports.run(command).catch(() => undefined)
  return lastLines(ended?.stdout ?? '', LOG_LINES)
}

async function startUnit(ports: ActivationPorts, service: Service): Promise<void> {
  const { unit, title, probe } = service
  const as = (file: string, args: readonly string[], timeLimit: number): Promise<ProcessResult> =>
    ports.run({ label: file, file, args, timeLimit, asRoot: true })
  const refused = async (ended: ProcessResult): Promise<never> => {
    const log = await unitLog(ports, unit)
    const said = `${lastWords(ended).message}\n${log === '' ? '' : `Its log ends with:\n${log}`}`
    throw notStarted(title, `journalctl -u ${unit}`, new Error(said.trim()))
  }
  for (const words of [['daemon-reload'], ['start', unit]]) {
    const ended = await as('systemctl', words, START_LIMIT)
    if (ended.exitCode !== 0) return refused(ended)
  }
  await socketOf(ports, service)
  const [file = '', ...args] = probe ?? []
  const probed = file === '' ? undefined : await as(file, args, PROBE_LIMIT)
  // A daemon that ends right after its start was "started" for systemctl.
  const active = await as('systemctl', ['is-active', unit], START_LIMIT)
  if (active.exitCode !== 0) return refused(active)
  if (probed !== undefined && probed.exitCode !== 0) return refused(probed)
}

/** Waits for it. Whether the service is active is asked afterwards in any case. */
async function socketOf({ root, pause }: ActivationPorts, { socket }: Service): Promise<void> {
  for (let waited = 0; waited < START_LIMIT && !existsSync(join(root, socket)); waited += WAIT) await pause(WAIT)
}

async function startDaemon(ports: ActivationPorts, { unit, title, socket, daemon }: Service): Promise<void> {
  const label = unit.replace(/\.\w+$/, '')
  if (daemon === undefined) throw notStarted(title, 'the service manager', new Error('there is no systemd'))
  const log = join(ports.root, `var/log/${label}-of-finch-signing.log`)
  const args = ['-c', DETACH, log, join(ports.root, socket), `${START_LIMIT / 1000}`, ...daemon]
  const started = await ports.run({ label, file: 'sh', args, timeLimit: START_LIMIT + 5000, asRoot: true })
  if (started.exitCode !== 0) throw notStarted(title, log, lastWords(started))
}

/** $0 the log, $1 the socket that shows that it is up, $2 seconds to wait for it, then the daemon. */
const DETACH = `path=$1
left=$2
shift 2
mkdir -p "\${path%/*}"
setsid "$@" >>"$0" 2>&1 </dev/null &
while ! [ -S "$path" ]; do
  if [ "$left" -le 0 ] || ! kill -0 $! 2>/dev/null; then tail -n ${LOG_LINES} "$0" >&2; exit 1; fi
  left=$((left - 1))
  sleep 1
done`

function notStarted(title: string, where: string, cause: Error): ActionError {
  return new ActionError(
    'containerd-missing',
    {
      title: `${title} does not start`,
      what: `${title} is installed and could not be started.`,
      hint: `The cause has the end of its log; all of it is in ${where} on the runner.`,
    },
    { cause },
  )
}
