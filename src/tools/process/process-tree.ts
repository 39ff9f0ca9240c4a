/**
 * Ends a tool with everything that it has started: its group, and on Linux also what has left the group.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { isAlive, type ProcessIdentity, processesOf } from './process-table'

export interface Tree {
  /** Started as the leader of a group of its own. */
  readonly child: ChildProcess
  /** `NAME=value` in the environment of each of its processes. */
  readonly mark: string
  /** The tool runs as root while this process does not: only root can end it. */
  readonly throughSudo: boolean
  /** The environment of the call, by which sudo is found again. */
  readonly env: Readonly<Record<string, string>>
}

/** Between the polite signal and the one that cannot be refused, in ms; a cancelled job leaves 7.5 s in all. */
const GRACE = 1500
/** A process may start another one between a look and the signal: it is looked again until nothing is found. */
const LOOKS = 25
/** Milliseconds between looks. */
const PAUSE = 20
/** One look can miss a process that is just being started, since its environment cannot be read at that moment. */
const EMPTY_LOOKS = 2

/** Politely first, then without asking. Ends when nothing of the tree is left, or after two seconds at most. */
export async function endTree(tree: Tree): Promise<void> {
  const { pid } = tree.child
  const first = pid === undefined ? [] : processesOf([pid], tree.mark)
  signalTree(tree, 'SIGTERM', first)
  await ended(tree.child)
  let known = first
  for (let look = 0, empty = 0; look < LOOKS && empty < EMPTY_LOOKS; look++) {
    const roots = known.filter(isAlive).map((one) => one.pid)
    known = processesOf(roots, tree.mark)
    empty = known.length === 0 ? empty + 1 : 0
    if (look === 0 || known.length > 0) signalTree(tree, 'SIGKILL', known)
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
}

/** The group, and on Linux further processes. What has ended already is passed over. */
export function signalTree(
  { child, throughSudo, env }: Tree,
  signal: 'SIGTERM' | 'SIGKILL',
  others: readonly ProcessIdentity[] = [],
): void {
  if (child.pid === undefined) return
  const targets = [-child.pid, ...others.map(({ pid }) => pid)]
  if (throughSudo) {
    const kill = ['-n', 'kill', `-${signal.slice(3)}`, '--', ...targets.map(String)]
    spawn('sudo', kill, { env, stdio: 'ignore' }).on('error', () => undefined)
    return
  }
  if (process.platform === 'win32') return void child.kill(signal)
  for (const target of targets) {
    try {
      process.kill(target, signal)
    } catch {
      // It has ended already.
    }
  }
}

/** Waits for the tool itself, for as long as politeness lasts. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GRACE)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
