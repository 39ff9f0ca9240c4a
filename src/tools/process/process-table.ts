/**
 * What Linux tells about processes. Elsewhere nothing is known, and each function says so by its empty answer.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process that a later one of the same number is not taken for. */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks from the start of the machine to that of the process. */
  readonly started: string
}

/** The process with this number, as it is now; undefined where there is none, or where that cannot be told. */
export function identify(pid: number): ProcessIdentity | undefined {
  const found = readStat(pid)
  return found === undefined || found.state === 'Z' ? undefined : { pid, started: found.started }
}

/** True while this very process runs. Of one that is hidden from this user, as on macOS of any, only the number counts. */
export function isAlive({ pid, started }: ProcessIdentity): boolean {
  const found = readStat(pid)
  if (found !== undefined) return found.state !== 'Z' && (started === '' || found.started === started)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Names the set of processes that this one can see: the same number means another process in another set. */
export function processNamespace(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return ''
  }
}

/**
 * The processes below these, and those that carry a variable in their environment: also a child that has left its group and
 * whose parent is gone.
 * @param variable `NAME=value`
 */
export function processesOf(roots: readonly number[], variable: string): ProcessIdentity[] {
  const all = listed()
  const wanted = new Set(roots)
  for (const { pid } of all) if (carries(pid, variable)) wanted.add(pid)
  for (let grew = true; grew; ) {
    const below = all.filter(({ pid, parent }) => wanted.has(parent) && !wanted.has(pid))
    for (const { pid } of below) wanted.add(pid)
    grew = below.length > 0
  }
  return all.filter(({ pid }) => wanted.has(pid)).map(({ pid, started }) => ({ pid, started }))
}

interface Stat extends ProcessIdentity {
  readonly parent: number
  readonly state: string
}

function listed(): Stat[] {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    return pids.flatMap((pid) => readStat(Number(pid)) ?? []).filter(({ state }) => state !== 'Z')
  } catch {
    return []
  }
}

/** The name of the program, in parentheses, may hold anything; the fields begin behind the last one. */
function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { pid, state: fields[0] ?? '', parent: Number(fields[1]), started: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

function carries(pid: number, variable: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(variable)
  } catch {
    return false
  }
}
