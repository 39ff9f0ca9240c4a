/**
 * Ends all processes of one job at once, as the kernel or a machine that is switched off does it.
 */
import { readdir, readFile } from 'node:fs/promises'
import { runAsRoot } from '../../../bed/process'

/** The variable by which the processes of one case are known; the tools inherit it. */
export const CASE_VARIABLE = 'FINCH_SIGNING_CASE'

/** Kills every process that carries the case's name, until none is left. */
export async function killJob(name: string): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const pids = await processesOf(name)
    if (pids.length === 0) return
    const foreign = pids.filter((pid) => !killed(pid))
    if (foreign.length > 0) await runAsRoot(['kill', '-KILL', ...foreign.map(String)], { check: false })
  }
}

/** The processes of a case and those below them, which may belong to root. */
async function processesOf(name: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number)
  const known = new Set<number>()
  const parents = new Map<number, number>()
  const look = async (pid: number): Promise<void> => {
    const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
    const [environment, stat] = await Promise.all([read('environ'), read('stat')])
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z' || parent === undefined) return
    parents.set(pid, Number(parent))
    if (environment.split('\0').includes(`${CASE_VARIABLE}=${name}`)) known.add(pid)
  }
  await Promise.all(pids.map(look))
  for (let grew = true; grew; ) {
    const below = [...parents].filter(([pid, parent]) => known.has(parent) && !known.has(pid))
    for (const [pid] of below) known.add(pid)
    grew = below.length > 0
  }
  return [...known]
}

function killed(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
