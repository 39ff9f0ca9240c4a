import { describe, expect, test } from '@jest/globals'
import { publishAtomically } from '../../../../src/commands/sign/publish/atomic'
import { readPredicateType } from '../../../../src/domain/attestations/predicate-type'
import { codeOf } from '../../../support/failure'
import { image, indexOf, signer, World } from '../../../support/publishing'

const TAGS = { 'r.io/one': ['1', 'latest'], 'q.io/two': ['1'] }
const signers = [signer(), signer()]
const children = [image('amd64'), image('arm64')]

function prepared(name: string, json: unknown) {
  const type = readPredicateType(name)
  if (type === undefined) throw new Error(name)
  return { type, source: `${name}.json`, text: JSON.stringify(json), file: `/session/${name}.json` }
}

function attestedWorld(): World {
  const world = new World(indexOf(...children), children, signers)
  world.formats = ['bundle']
  world.predicates = [prepared('cyclonedx', { a: 1 }), prepared('https://test.invalid/own', { b: [1, 2] })]
  return world
}

describe('publishing with attestations', () => {
  test('sets the tags after every attestation of the index by every key was confirmed', async () => {
    const world = attestedWorld()
    const published = await publishAtomically(world.publishing(TAGS))
    expect(world.unconfirmedAtPut).toEqual([])
    expect(published.map(({ attestations }) => attestations.length)).toEqual([4, 4])
    expect(world.calls.filter((call) => call.startsWith('attest '))).toHaveLength(8)
    const last = (pattern: RegExp): number => world.calls.findLastIndex((call) => pattern.test(call))
    const first = (pattern: RegExp): number => world.calls.findIndex((call) => pattern.test(call))
    expect(first(/^attest /)).toBeGreaterThan(last(/^verify /))
    expect(last(/^verify-attestation /)).toBeLessThan(first(/^put /))
  })

  test('adds nothing the second time', async () => {
    const world = attestedWorld()
    const [once] = await publishAtomically(world.publishing(TAGS))
    const { signatures } = world
    const [again] = await publishAtomically(world.publishing(TAGS))
    expect(world.signatures).toBe(signatures)
    expect(again?.attestations).toEqual(once?.attestations)
    expect(again?.alreadySigned).toBe(true)
  })

  test('attests a changed predicate besides the one that is there', async () => {
    const world = attestedWorld()
    await publishAtomically(world.publishing(TAGS))
    const { signatures } = world
    world.predicates = [prepared('cyclonedx', { a: 2 })]
    await publishAtomically(world.publishing(TAGS))
    expect(world.signatures).toBe(signatures + 4)
  })

  test('leaves no tag where cosign attests nothing', async () => {
    const world = attestedWorld()
    world.attestsNothing = true
    expect(await codeOf(() => publishAtomically(world.publishing(TAGS)))).toBe('attestation-missing')
    expect([...world.tags.keys()]).toEqual([])
  })

  test.each([false, true])(
    'leaves no tag without them, whichever call fails (after it took effect: %s)',
    async (failAfterEffect) => {
      const small = (): World => {
        const world = new World(image('amd64'), [], signers.slice(0, 1))
        world.formats = ['bundle']
        world.predicates = [prepared('cyclonedx', { a: 1 })]
        return world
      }
      const tags = { 'r.io/one': ['1'] }
      const whole = small()
      await publishAtomically(whole.publishing(tags))
      for (let failAt = 0; failAt < whole.calls.length; failAt++) {
        const world = Object.assign(small(), { failAt, failAfterEffect })
        await publishAtomically(world.publishing(tags)).catch(() => undefined)
        world.failAt = Number.POSITIVE_INFINITY
        const [published] = await publishAtomically(world.publishing(tags))
        expect([failAt, world.unconfirmedAtPut, [...world.tags.keys()]]).toEqual([failAt, [], ['r.io/one:1']])
        expect(published?.attestations).toHaveLength(1)
      }
    },
  )
})
