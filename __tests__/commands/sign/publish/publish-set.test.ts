import { describe, expect, test } from '@jest/globals'
import { publishAtomically } from '../../../../src/commands/sign/publish/atomic'
import { codeOf, failureOf } from '../../../support/failure'
import { image, type SetImage, signer, World } from '../../../support/publishing'

const [one, two] = [signer(), signer()]
const SET: readonly SetImage[] = [
  { name: 'web', manifest: image('web'), repository: 'r.io/web', tags: ['1'], by: [one] },
  { name: 'api', manifest: image('api'), repository: 'r.io/api', tags: ['1'], by: [two] },
  { name: 'worker', manifest: image('worker'), repository: 'q.io/worker', tags: ['1'], by: [one, two] },
]
const NAMES = ['r.io/web:1', 'r.io/api:1', 'q.io/worker:1']
const world = () => new World(image('unused'), [], [one, two])

describe('publishing several images', () => {
  test('pushes, signs and confirms all of them, each by its own keys, before the first tag', async () => {
    const own = world()
    const published = await publishAtomically(own.publishingSet(SET))
    expect([...own.tags]).toEqual(NAMES.map((name, index) => [name, SET[index]?.manifest.digest]))
    expect(own.unconfirmedAtPut).toEqual([])
    expect(published.map(({ repository, signatures }) => [repository, signatures.length])).toEqual([
      ['r.io/web', 2],
      ['r.io/api', 2],
      ['q.io/worker', 4],
    ])
    const last = own.calls.map((call) => /^(push|sign|verify) /.test(call)).lastIndexOf(true)
    expect(own.calls.findIndex((call) => call.startsWith('put '))).toBeGreaterThan(last)
  })

  test.each([false, true])(
    'whichever call fails (after its effect: %s), no tag comes before all signatures, and the next run completes it',
    async (after) => {
      const whole = world()
      await publishAtomically(whole.publishingSet(SET))
      const firstPut = whole.calls.findIndex((call) => call.startsWith('put '))
      expect(firstPut).toBeGreaterThan(15)
      for (let index = 0; index < whole.calls.length; index++) {
        const own = world()
        own.failAt = index
        own.failAfterEffect = after
        await expect(publishAtomically(own.publishingSet(SET))).rejects.toThrow()
        if (index < firstPut) expect([index, own.tags.size]).toEqual([index, 0])
        expect(own.unconfirmedAtPut).toEqual([])
        own.failAt = Number.POSITIVE_INFINITY
        const published = await publishAtomically(own.publishingSet(SET))
        expect([index, ...[...own.tags.keys()].sort()]).toEqual([index, ...[...NAMES].sort()])
        expect([index, own.signatures]).toEqual([index, 8])
        expect(published.map(({ repository }) => repository)).toEqual(['r.io/web', 'r.io/api', 'q.io/worker'])
        expect(own.overlapped).toBe(false)
      }
    },
    20_000,
  )

  test('says of a tag that cannot be set which of all images have theirs', async () => {
    const probe = world()
    await publishAtomically(probe.publishingSet(SET))
    const own = world()
    own.failAt = probe.calls.indexOf('put r.io/api:1')
    const error = await failureOf(() => publishAtomically(own.publishingSet(SET)))
    expect([error.code, error.why]).toEqual([
      'tag-not-set',
      expect.stringContaining('Set are: r.io/web:1, q.io/worker:1. Not set are: r.io/api:1.'),
    ])
  })

  test('never signs one digest twice at once, where two images share it, and counts both as new', async () => {
    const [shared] = SET
    if (shared === undefined) throw new Error('the set is empty')
    const twins = [shared, { ...shared, name: 'copy', tags: ['2'], by: [two] }]
    const own = world()
    const published = await publishAtomically(own.publishingSet(twins))
    expect(own.overlapped).toBe(false)
    expect(own.signatures).toBe(4)
    expect(published.map(({ tags, alreadySigned }) => [tags, alreadySigned])).toEqual([
      [['1'], false],
      [['2'], false],
    ])
    const again = await publishAtomically(own.publishingSet(twins))
    expect(again.map(({ alreadySigned }) => alreadySigned)).toEqual([true, true])
  })

  test('pushes nothing where the last tag may not be moved', async () => {
    const own = world()
    const other = image('other')
    own.tags.set('q.io/worker:1', other.digest)
    own.manifests.set(`q.io/worker@${other.digest}`, other)
    expect(await codeOf(() => publishAtomically(own.publishingSet(SET, ['q.io/worker'])))).toBe('already-tagged')
    expect(own.calls.filter((call) => /^(push|sign|put) /.test(call))).toEqual([])
  })
})
