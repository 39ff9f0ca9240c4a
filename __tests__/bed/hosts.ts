import { readFile } from 'node:fs/promises'
import { startTime } from './daemon'
import { withLock } from './lock'
import { runAsRoot } from './process'

const file = '/etc/hosts'
const mark = '# finch-signing test bed, process'

/** Gives a loopback address a host name on this machine; the result takes the name away again. */
export async function withHostName(name: string, address = '127.0.0.1'): Promise<() => Promise<void>> {
  if (!address.startsWith('127.')) throw new Error(`${address} is not a loopback address`)
  if (!/^[a-z0-9.-]+$/.test(name)) throw new Error(`not a host name: ${name}`)
  const line = `${address} ${name} ${mark} ${process.pid}`
  await change((lines) => [...lines, line])
  return () =>
    change((lines) => {
      const at = lines.indexOf(line)
      return at < 0 ? lines : lines.toSpliced(at, 1)
    })
}

// Written in place: in a container this file is a mount of its own, and the lock is on it.
async function change(edit: (lines: string[]) => string[]): Promise<void> {
  await withLock(file, async () => {
    const before = await readFile(file, 'utf8')
    const lines = before.split('\n')
    const last = lines.at(-1) === '' ? lines.pop() : undefined
    const alive = await Promise.all(lines.map(isWanted))
    const after = [...edit(lines.filter((_, index) => alive[index])), ...(last === undefined ? [] : [''])].join('\n')
    if (after !== before) await runAsRoot(['tee', file], { input: after })
  })
}

/** Not a line that a killed run left behind. */
async function isWanted(line: string): Promise<boolean> {
  const owner = line.includes(mark) ? Number(line.split(' ').at(-1)) : undefined
  return owner === undefined || (await startTime(owner)) !== undefined
}
