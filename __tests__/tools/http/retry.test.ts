import { describe, expect, test } from '@jest/globals'
import { DOWNLOAD_RETRIES, retry, TransientError } from '../../../src/tools/http/retry'
import { attempts } from '../../support/fast'

const failing = (times: number, fault: () => Error = () => new TransientError('down')) => {
  let calls = 0
  const work = async (): Promise<number> => {
    if (++calls <= times) throw fault()
    return calls
  }
  return { work, calls: () => calls }
}

describe('policy', () => {
  test('lasts more than two minutes in use', () => {
    expect(DOWNLOAD_RETRIES.maxElapsed).toBeGreaterThanOrEqual(120_000)
    // Pauses of half their length at worst still leave a dozen tries.
    expect(DOWNLOAD_RETRIES.maxElapsed / DOWNLOAD_RETRIES.maxDelay).toBeGreaterThan(5)
  })
  test('bears faults that pass, with longer and longer pauses that differ', async () => {
    const given = attempts()
    expect(await retry(given, failing(5).work)).toBe(6)
    const lengths = given.pauses.map(([, length]) => length)
    expect(lengths).toHaveLength(5)
    for (const [at, length] of lengths.entries()) {
      const longest = Math.min(40, 5 * 2 ** at)
      expect(length).toBeGreaterThanOrEqual(longest / 2)
      expect(length).toBeLessThanOrEqual(longest)
    }
  })
  test('ends with the last fault', async () => {
    const { work, calls } = failing(1000)
    await expect(retry(attempts(), work)).rejects.toThrow('down')
    expect(calls()).toBeGreaterThan(10)
  })
  test('is none for other errors', async () => {
    const { work, calls } = failing(1, () => new Error('final'))
    await expect(retry(attempts(), work)).rejects.toThrow('final')
    expect(calls()).toBe(1)
  })
  test('waits as long as the server says, and not at all when that is too long', async () => {
    const given = attempts()
    await retry(given, failing(1, () => new TransientError('later', { wait: 300 })).work)
    expect(given.pauses.map(([, length]) => length)).toEqual([300])
    const long = failing(1, () => new TransientError('much later', { wait: 900 }))
    const refused = attempts()
    await expect(retry(refused, long.work)).rejects.toThrow('much later')
    expect([refused.pauses, long.calls()]).toEqual([[], 1])
  })
  test('is shorter for a fault that hardly passes', async () => {
    const { work, calls } = failing(1000, () => new TransientError('unknown name', { maxElapsed: 20 }))
    await expect(retry(attempts(), work)).rejects.toThrow('unknown name')
    expect(calls()).toBeLessThan(6)
  })
  test('begins anew after progress', async () => {
    const begin = performance.now()
    const work = async (progressed: () => void): Promise<string> => {
      if (performance.now() - begin > 1600) return 'done'
      progressed()
      throw new TransientError('cut')
    }
    expect(await retry(attempts(), work)).toBe('done')
  })
  test('ends when the job is cancelled', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 50)
    const policy = { maxElapsed: 60_000, initialDelay: 30_000, maxDelay: 30_000 }
    const given = attempts({ cancelled: controller.signal, policy })
    const begin = performance.now()
    await expect(retry(given, failing(9).work)).rejects.toThrow()
    expect(performance.now() - begin).toBeLessThan(10_000)
  })
})
