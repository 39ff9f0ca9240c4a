import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs `work` while holding flock(1)'s lock on a file. The kernel lets go of it when this process dies,
 * however it dies, so there are no stale locks.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', ['--exclusive', file, 'sh', '-c', 'echo locked && exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(holder, 'close')
  holder.stdin.on('error', () => undefined)
  try {
    await Promise.race([
      once(holder.stdout, 'data'),
      ended.then(() => Promise.reject(new Error(`flock could not lock ${file}`))),
    ])
    return await work()
  } finally {
    holder.stdin.end()
    await ended.catch(() => undefined)
  }
}
