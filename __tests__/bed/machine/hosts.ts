import { readFile } from 'node:fs/promises'
import { startTime } from '../daemon'
import { withLock } from '../lock'
import { runAsRoot } from '../process'

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

async function change(edit: (lines: string[]) => string[]): Promise<void> {
  await withLock(file, async () => {
    const before = await readFile(file, 'utf8')
    const lines = before.split('\n')
    const last = lines.at(-1) === '' ? lines.pop() : undefined
    const alive = await Promise.all(lines.map(isWanted))
    const after = [...edit(lines.filter((_, index) => alive[index])), ...(last === undefined ? [] : [''])].join('\n')
    if (after !== before) await overwrite(before, after)
  })
}

// In place, since in a container this file is a mount of its own, and the lock is on it. In one write, the end filled up
// with empty lines before it is cut off: whoever reads meanwhile must find localhost, and no half of a line.
const OVERWRITE = 'dd of="$0" bs=1M iflag=fullblock conv=notrunc status=none && truncate -s "$1" "$0"'

async function overwrite(before: string, after: string): Promise<void> {
  const [length, shown] = [Buffer.byteLength(after), Buffer.byteLength(before)]
  const input = after + '\n'.repeat(Math.max(0, shown - length))
  await runAsRoot(['sh', '-c', OVERWRITE, file, String(length)], { input })
}

/** Not a line that a killed run left behind. */
async function isWanted(line: string): Promise<boolean> {
  const owner = line.includes(mark) ? Number(line.split(' ').at(-1)) : undefined
  return owner === undefined || (await startTime(owner)) !== undefined
}
