import { describe, expect, test } from '@jest/globals'
import { timeSpans, timeTotals } from '../../src/domain/calls/timeline'
import { timelineDetails, timelineLines } from '../../src/report/timeline'
import { Stopwatch } from '../../src/tools/process/stopwatch'

const call = (what: string, begin: number, duration: number) => ({ what, begin, duration })
const CALLS = [
  call('finch push', 100, 140),
  call('registry r.io', 245, 5),
  call('registry r.io', 246, 10),
  call('registry q.io', 247, 3),
  call('registry r.io', 400, 5),
  call('finch tag', 60, 30),
  call('cosign sign', 260, 130),
  call('cosign sign', 261, 130),
]

describe('the time line', () => {
  test('has each call of a tool, and requests to a host as groups, in the order in which they began', () => {
    expect(timeSpans(CALLS)).toEqual([
      { what: 'finch tag', begin: 60, end: 90, calls: 1 },
      { what: 'finch push', begin: 100, end: 240, calls: 1 },
      { what: 'registry r.io', begin: 245, end: 256, calls: 2 },
      { what: 'registry q.io', begin: 247, end: 250, calls: 1 },
      { what: 'cosign sign', begin: 260, end: 390, calls: 1 },
      { what: 'cosign sign', begin: 261, end: 391, calls: 1 },
      { what: 'registry r.io', begin: 400, end: 405, calls: 1 },
    ])
  })

  test('adds up what there was of each kind', () => {
    expect(timeTotals(CALLS)).toEqual([
      { what: 'cosign sign', calls: 2, total: 260 },
      { what: 'finch push', calls: 1, total: 140 },
      { what: 'finch tag', calls: 1, total: 30 },
      { what: 'registry r.io', calls: 3, total: 20 },
      { what: 'registry q.io', calls: 1, total: 3 },
    ])
  })

  test('is a folded part of the summary', () => {
    const text = timelineDetails(CALLS, 420).join('\n')
    expect(text).toMatch(/^<details><summary>Where the time went<\/summary>/)
    expect(text).toContain('The step took 420 ms.')
    expect(text).toContain('| `cosign sign` | 2 | 260 ms |')
    expect(text).toContain('| `registry r.io` × 2 | 245 ms | 11 ms |')
    expect(timelineDetails([], 420)).toEqual([])
  })

  test('of very many calls shows the sums alone', () => {
    const many = Array.from({ length: 500 }, (_, index) => call('finch push', index * 100, 90))
    const text = timelineDetails(many, 50_000).join('\n')
    expect(text).toContain('| `finch push` | 500 | 45000 ms |')
    expect(text).not.toContain('In their order')
    expect(text.length).toBeLessThan(1000)
  })

  test('in the debug log ends with the whole and the memory', () => {
    expect(timelineLines(CALLS.slice(0, 3), 420, 81_234)).toEqual([
      'at 100 ms: finch push: 140 ms',
      'at 245 ms: registry r.io (2 requests): 11 ms',
      'the step took 420 ms and at most 81 MB',
    ])
  })
})

test('a stopwatch keeps what failed too', async () => {
  const stopwatch = new Stopwatch()
  expect(await stopwatch.time('a', async () => 7)).toBe(7)
  await expect(stopwatch.time('b', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(stopwatch.calls.map(({ what }) => what)).toEqual(['a', 'b'])
  expect(stopwatch.calls.every(({ begin, duration }) => begin > 0 && duration >= 0)).toBe(true)
  expect(stopwatch.elapsed).toBeGreaterThan(stopwatch.calls[0]?.begin ?? Number.POSITIVE_INFINITY)
})
