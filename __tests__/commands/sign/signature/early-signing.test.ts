import { describe, expect, test } from '@jest/globals'
import { publishAtomically } from '../../../../src/commands/sign/publish/atomic'
import type { Publishing } from '../../../../src/commands/sign/publish/context'
import { ActionError } from '../../../../src/domain/errors/action-error'
import { codeOf } from '../../../support/failure'
import { image, indexOf, type Signer, signer, World } from '../../../support/publishing'

const ONE = { 'r.io/one': ['1', 'latest'] }
const NAMES = ['r.io/one:1', 'r.io/one:latest']

function single(by: readonly Signer[] = [signer()]): World {
  return new World(image('amd64'), [], by)
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A push that takes longer than cosign. */
function withLatePush(publishing: Publishing): Publishing {
  const { finch } = publishing
  const push: typeof finch.push = async (name, options) => {
    await turns(50)
    return finch.push(name, options)
  }
  return { ...publishing, finch: { ...finch, push } }
}

function signCalls(world: World): string[] {
  return world.calls.filter((call) => call.startsWith('sign '))
}

/** How many calls of `cosign sign` were made when the first push had not ended; undefined without a push. */
async function signedDuringPush(publishing: Publishing, world: World): Promise<number | undefined> {
  let during: number | undefined
  const { finch } = publishing
  const push: typeof finch.push = async (name, options) => {
    const pushed = await finch.push(name, options)
    await turns(50)
    during ??= signCalls(world).length
    return pushed
  }
  await publishAtomically({ ...publishing, finch: { ...finch, push } }).catch(() => undefined)
  return during
}

describe('a single image is signed while Finch still pushes', () => {
  test('with one call, and tagged only after it was confirmed', async () => {
    const world = single()
    expect(await signedDuringPush(world.publishing(ONE), world)).toBe(1)
    expect(signCalls(world)).toHaveLength(1)
    expect(world.signatures).toBe(1)
    expect([...world.tags.keys()]).toEqual(NAMES)
    expect(world.unconfirmedAtPut).toEqual([])
  })

  test('and looked for in the registry and by cosign at the same time, once', async () => {
    const world = single()
    await publishAtomically(world.publishing(ONE))
    const after = world.calls.slice(world.calls.findIndex((call) => call.startsWith('sign ')) + 1)
    const looks = after.map((call) => call.split(' ')[0]).filter((what) => what === 'verify' || what === 'evidence')
    expect(looks).toEqual(['verify', 'evidence', 'evidence'])
  })

  test('and once more when the image came too late', async () => {
    const world = single()
    const [published] = await publishAtomically(withLatePush(world.publishing(ONE)))
    expect(signCalls(world)).toHaveLength(2)
    expect(world.signatures).toBe(1)
    expect(published?.alreadySigned).toBe(false)
    expect([...world.tags.keys()]).toEqual(NAMES)
    expect(world.unconfirmedAtPut).toEqual([])
  })

  test('with the first of two keys; the other one follows', async () => {
    const world = single([signer(), signer()])
    expect(await signedDuringPush(world.publishing(ONE), world)).toBe(1)
    expect(world.signatures).toBe(2)
    expect(world.overlapped).toBe(false)
    expect(world.unconfirmedAtPut).toEqual([])
  })

  test('and nobody else signs that digest from the push to the last tag', async () => {
    const world = single()
    const held: string[] = []
    const taken: string[] = []
    const publishing = world.publishing(ONE)
    const exclusively: Publishing['exclusively'] = async (name, work) => {
      if (held.includes(name)) throw new Error(`${name} is locked twice`)
      held.push(name)
      taken.push(name)
      const result = await work()
      held.splice(held.indexOf(name), 1)
      return result
    }
    const { sign } = publishing.cosign
    const cosign: Publishing['cosign'] = {
      ...publishing.cosign,
      sign: async (name, key, options) => {
        expect(held).toEqual([name])
        await sign(name, key, options)
        await turns(20)
        expect(held).toEqual([name])
      },
    }
    await publishAtomically({ ...publishing, exclusively, cosign })
    expect(taken).toEqual([`r.io/one@${world.local.digest}`])
  })

  test('a signature that cosign has stored before it failed counts as added', async () => {
    const probe = single()
    await publishAtomically(probe.publishing(ONE))
    const world = single(probe.signers)
    world.failAt = probe.calls.findIndex((call) => call.startsWith('sign '))
    world.failAfterEffect = true
    const [published] = await publishAtomically(world.publishing(ONE))
    expect(world.signatures).toBe(1)
    expect(published?.alreadySigned).toBe(false)
  })

  test('a cosign that says 0 and signs nothing leaves no tag', async () => {
    const world = single()
    world.signsNothing = true
    expect(await codeOf(() => publishAtomically(world.publishing(ONE)))).toBe('signature-missing')
    expect(world.tags.size).toBe(0)
  })

  test.each([false, true])('whichever call fails (after its effect: %s), no tag is unsigned', async (after) => {
    const whole = single()
    await publishAtomically(whole.publishing(ONE))
    const firstPut = whole.calls.findIndex((call) => call.startsWith('put '))
    const overcome: string[] = []
    for (let index = 0; index < whole.calls.length; index++) {
      const world = single()
      world.failAt = index
      world.failAfterEffect = after
      const isOver = await publishAtomically(world.publishing(ONE)).then(
        () => true,
        () => false,
      )
      if (isOver) overcome.push(whole.calls[index]?.split(' ')[0] ?? '')
      else if (index < firstPut) expect([index, world.tags.size]).toEqual([index, 0])
      world.failAt = Number.POSITIVE_INFINITY
      const [again] = await publishAtomically(world.publishing(ONE))
      expect([...world.tags.keys()].sort()).toEqual(NAMES)
      expect([index, world.signatures, world.unconfirmedAtPut]).toEqual([index, 1, []])
      if (isOver) expect(again?.alreadySigned).toBe(true)
    }
    expect(overcome).toEqual(['evidence', 'sign'])
  })
})

describe('nothing is left running', () => {
  test('when the push fails', async () => {
    const world = single()
    const publishing = world.publishing(ONE)
    let isSigning = false
    const cosign: Publishing['cosign'] = {
      ...publishing.cosign,
      sign: async () => {
        isSigning = true
        await turns(50)
        isSigning = false
        throw new Error('no such image')
      },
    }
    const finch: Publishing['finch'] = { ...publishing.finch, push: () => Promise.reject(new Error('no push')) }
    await expect(publishAtomically({ ...publishing, cosign, finch })).rejects.toThrow('no push')
    expect(isSigning).toBe(false)
    expect(world.tags.size).toBe(0)
  })

  test.each(['time-limit', 'step-cancelled'] as const)('and nothing is tried again after %s', async (code) => {
    const world = single()
    const publishing = world.publishing(ONE)
    let calls = 0
    const sign = () => {
      calls++
      return Promise.reject(new ActionError(code, { title: 'ended', what: 'cosign sign was ended' }))
    }
    const failing = { ...publishing, cosign: { ...publishing.cosign, sign } }
    expect(await codeOf(() => publishAtomically(failing))).toBe(code)
    expect([calls, world.tags.size]).toEqual([1, 0])
  })
})

describe('nothing is signed before the push has ended', () => {
  const index = indexOf(image('amd64'))
  const kms = signer()
  const byKms = { ...kms, signing: { ...kms.signing, reference: 'awskms:///alias/release' } }

  test.each([
    ['of an index', new World(index, [image('amd64')], [signer()]), {}, ONE],
    ['for several repositories', single(), {}, { ...ONE, 'q.io/two': ['1'] }],
    ['with a log, in which it would leave an entry', single(), { log: 'public' }, ONE],
    ['in the older format', single(), { formats: ['legacy'] }, ONE],
    ['by a key in a KMS, which counts what it signs', single([byKms]), {}, ONE],
  ] as const)('%s', async (_what, world, settings, tags) => {
    const publishing = world.publishing(tags)
    const changed = { ...publishing, settings: { ...publishing.settings, ...settings } } as Publishing
    expect(await signedDuringPush(changed, world)).toBe(0)
    expect(signCalls(world).length).toBeGreaterThan(0)
  })

  test('where something is stored about the image already', async () => {
    const world = single()
    await publishAtomically(world.publishing(ONE))
    world.manifests.clear()
    world.calls.length = 0
    expect(await signedDuringPush(world.publishing(ONE), world)).toBe(0)
    expect(signCalls(world)).toEqual([])
    expect(world.signatures).toBe(1)
  })
})
