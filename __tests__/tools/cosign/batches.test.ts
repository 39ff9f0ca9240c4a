import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type BatchLimits, inBatches } from '../../../src/tools/cosign/batches'

const pause = () => new Promise((resolve) => setImmediate(resolve))

/** Answers each member with itself in capitals; those that are `bad` fail whatever call they are in. */
function machine(bad: readonly string[], limits: BatchLimits = { places: 2, size: 20 }) {
  const calls: string[][] = []
  let running = 0
  let most = 0
  const call = async (members: readonly string[]): Promise<string[]> => {
    calls.push([...members])
    most = Math.max(most, ++running)
    await pause()
    running--
    const failing = members.find((member) => bad.includes(member))
    if (failing !== undefined) throw new Error(`${failing} is bad`)
    return members.map((member) => member.toUpperCase())
  }
  const add = inBatches(
    limits,
    call,
    async (member) => (await call([member]))[0] ?? '',
    (error) => /cancelled is bad/.test(String(error)),
  )
  return { add, calls, most: () => most }
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `m${index}`)

describe('batches', () => {
  test('one member is worked on at once, alone', async () => {
    const { add, calls } = machine([])
    expect(await add('a', 'g')).toBe('A')
    expect(calls).toEqual([['a']])
  })

  test('what waits for a place shares a call, no more of them than allowed, nor more at once', async () => {
    const { add, calls, most } = machine([])
    const results = await Promise.all(names(100).map((name) => add(name, 'g')))
    expect(results).toEqual(names(100).map((name) => name.toUpperCase()))
    expect(calls.length).toBeLessThanOrEqual(8)
    expect(Math.max(...calls.map((call) => call.length))).toBe(20)
    expect(most()).toBe(2)
  })

  test('with patience, those that come one after the other share a call, and few are not split', async () => {
    const { add, calls } = machine([], { places: 4, size: 20, least: 5, patience: 30 })
    const later = async (name: string) => {
      await new Promise((resolve) => setTimeout(resolve, Number(name.slice(1)) * 2))
      return add(name, 'g')
    }
    expect(await Promise.all(names(5).map(later))).toEqual(names(5).map((name) => name.toUpperCase()))
    expect(calls).toEqual([names(5)])
    await Promise.all(names(12).map((name) => add(name, 'g')))
    expect(calls.slice(1).map((call) => call.length)).toEqual([5, 5, 2])
  })

  test('only members of one group share a call', async () => {
    const { add, calls } = machine([])
    await Promise.all(names(40).map((name, index) => add(name, index % 2 === 0 ? 'even' : 'odd')))
    const mixed = calls.filter((call) => new Set(call.map((name) => Number(name.slice(1)) % 2)).size > 1)
    expect(mixed).toEqual([])
  })

  test('one that fails takes nobody with it', async () => {
    const { add, calls } = machine(['m30'])
    const results = await Promise.allSettled(names(60).map((name) => add(name, 'g')))
    const failed = results.flatMap((result, index) => (result.status === 'rejected' ? [`m${index}`] : []))
    expect(failed).toEqual(['m30'])
    expect(calls).toContainEqual(['m30'])
    expect(calls.length).toBeLessThan(16)
  })

  test('a call with too few results is a failed one', async () => {
    const alone: string[] = []
    const add = inBatches<string, string>(
      { places: 1, size: 5 },
      async (members) => members.slice(1),
      async (member) => {
        alone.push(member)
        return `alone ${member}`
      },
      () => false,
    )
    expect(await Promise.all(['a', 'b', 'c'].map((name) => add(name, 'g')))).toEqual(['alone a', 'alone b', 'alone c'])
    expect(alone).toEqual(['a', 'b', 'c'])
  })

  test('where it is hopeless nothing is tried again', async () => {
    const { add, calls } = machine(['cancelled'], { places: 1, size: 20 })
    const results = await Promise.allSettled(['a', 'b', 'cancelled', 'c'].map((name) => add(name, 'g')))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
    expect(calls).toHaveLength(2)
  })

  test('whoever fails and whatever the limits, each gets its own answer', async () => {
    const limits = fc.record({ places: fc.integer({ min: 1, max: 4 }), size: fc.integer({ min: 1, max: 9 }) })
    const members = fc.array(fc.record({ bad: fc.boolean(), group: fc.constantFrom('x', 'y', 'z') }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(limits, members, async (limit, list) => {
        const bad = list.flatMap((one, index) => (one.bad ? [`m${index}`] : []))
        const { add, most } = machine(bad, limit)
        const results = await Promise.allSettled(list.map(({ group }, index) => add(`m${index}`, group)))
        expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual(
          list.map((one, index) => (one.bad ? 'failed' : `M${index}`)),
        )
        expect(most()).toBeLessThanOrEqual(limit.places)
      }),
      { numRuns: 60 },
    )
  })
})
