import { readdir, readFile } from 'node:fs/promises'
import type { Orphan } from './types'

/** Ends a process and everything below it, children first found while their parents are still there. */
export async function killTree(pid: number): Promise<void> {
  for (const each of [pid, ...(await descendants(pid))]) kill(each, 'SIGKILL')
}

/** Sends a signal; a process that is gone already is none of our worries. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // gone, or not ours
  }
}

async function descendants(root: number): Promise<number[]> {
  const children = new Map<number, number[]>()
  for (const pid of await pids()) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)])
  return below(root)
}

async function pids(): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => [])
  return entries.filter((name) => /^\d+$/.test(name)).map(Number)
}

/** Processes whose environment carries the tracking id of a job; empty where there is no /proc. */
export async function findOrphans(trackingId: string): Promise<Orphan[]> {
  const found: Orphan[] = []
  for (const pid of await pids()) {
    const environ = (await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')).split('\0')
    if (!environ.includes(`RUNNER_TRACKING_ID=${trackingId}`)) continue
    const cmdline = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const step = environ.find((entry) => entry.startsWith('GITHUB_ACTION='))?.slice('GITHUB_ACTION='.length)
    found.push({ pid, cmdline: cmdline.replaceAll('\0', ' ').trim(), step: step ?? '' })
  }
  return found
}
