import { describe, expect, test } from '@jest/globals'
import { publishAtomically } from '../../../../src/commands/sign/publish/atomic'
import { ActionError } from '../../../../src/domain/errors/action-error'
import type { SignatureFormat } from '../../../../src/domain/signatures/formats'
import { fingerprintOf } from '../../../../src/domain/verification/signer'
import type { Verification } from '../../../../src/tools/cosign/cosign-verify'
import { codeOf, failureOf } from '../../../support/failure'
import { image, indexOf, isAction, signer, World } from '../../../support/publishing'

const TAGS = { 'r.io/one': ['1', 'latest'], 'q.io/two': ['1', '2'] }
const NAMES = ['r.io/one:1', 'r.io/one:latest', 'q.io/two:1', 'q.io/two:2']
const signers = [signer(), signer()]
const children = [image('amd64'), image('arm64')]
const index = indexOf(...children)
const worlds = {
  'an image': () => new World(image('amd64'), [], signers),
  'an index': () => new World(index, children, signers.slice(0, 1)),
}
/** Signatures that a complete run leaves, each in two forms: two keys in two repositories; one key, each manifest of the index. */
const SIGNATURES = { 'an image': 8, 'an index': 12 }

/** An image for one key; each signature is stored in one form. */
function worldOf(format: SignatureFormat): World {
  const world = new World(image('amd64'), [], signers.slice(0, 1))
  world.formats = [format]
  return world
}

describe('a signature in both forms', () => {
  test('of which one is there already gets the other one, and no third', async () => {
    const world = worldOf('bundle')
    const [first] = await publishAtomically(world.publishing({ 'r.io/one': ['1'] }))
    world.formats = ['bundle', 'legacy']
    world.calls.length = 0
    const [second] = await publishAtomically(world.publishing({ 'r.io/one': ['1'] }))
    expect(world.calls.filter((call) => call.startsWith('sign '))).toHaveLength(1)
    expect(second?.signatures.map(({ format }) => format)).toEqual(['bundle', 'legacy'])
    expect(second?.signatures[0]).toEqual(first?.signatures[0])
    expect(second?.alreadySigned).toBe(false)
    const [third] = await publishAtomically(world.publishing({ 'r.io/one': ['1'] }))
    expect([world.signatures, third]).toEqual([2, { ...second, alreadySigned: true }])
  })

  test('of a key that is added later, leaves what the first has signed', async () => {
    const world = new World(image('amd64'), [], signers)
    const both = world.publishing({ 'r.io/one': ['1'] })
    const firstOnly = both.images.map((one) => ({ ...one, parties: one.parties.slice(0, 1) }))
    await publishAtomically({ ...both, images: firstOnly })
    const [rotated] = await publishAtomically(both)
    expect(world.signatures).toBe(4)
    expect(rotated?.signatures.map(({ format, keyFingerprint }) => [keyFingerprint, format])).toEqual(
      signers.flatMap(({ signing: { signer } }) => [
        [fingerprintOf(signer), 'bundle'],
        [fingerprintOf(signer), 'legacy'],
      ]),
    )
  })

  test('is made side by side, and of several keys one after the other', async () => {
    const world = new World(image('amd64'), [], signers)
    const publishing = world.publishing({ 'r.io/one': ['1'] })
    let underWay = 0
    const seen: number[] = []
    const sign: typeof publishing.cosign.sign = async (...call) => {
      seen.push(++underWay)
      await publishing.cosign.sign(...call)
      underWay--
    }
    await publishAtomically({ ...publishing, cosign: { ...publishing.cosign, sign } })
    expect(seen).toEqual([1, 2, 1, 2])
  })
})

describe('a signature that another machine has written over', () => {
  test('twice at once is made again before the tags are set', async () => {
    const world = worldOf('bundle')
    world.loses = 2
    await publishAtomically(world.publishing({ 'r.io/one': ['1'] }))
    expect(world.calls.filter((call) => call.startsWith('sign '))).toHaveLength(3)
    expect(world.signatures).toBe(1)
    expect([...world.tags.keys()]).toEqual(['r.io/one:1'])
    expect(world.unconfirmedAtPut).toEqual([])
  })

  test('after it was found is made again before the tags are set, and counts as new', async () => {
    const world = worldOf('bundle')
    await publishAtomically(world.publishing({ 'r.io/one': ['1'] }))
    world.confirmed.clear()
    world.forgets = 1
    const [again] = await publishAtomically(world.publishing({ 'r.io/one': ['2'] }))
    expect(world.calls.filter((call) => call.startsWith('sign '))).toHaveLength(2)
    expect([world.signatures, again?.alreadySigned]).toEqual([1, false])
    expect([...world.tags.keys()]).toEqual(['r.io/one:1', 'r.io/one:2'])
    expect(world.unconfirmedAtPut).toEqual([])
  })

  test('is looked for last: after every push and signature, and before the first tag', async () => {
    const world = new World(index, children, signers)
    await publishAtomically(world.publishing(TAGS))
    const last = (pattern: RegExp): number => world.calls.findLastIndex((call) => pattern.test(call))
    const first = (pattern: RegExp): number => world.calls.findIndex((call) => pattern.test(call))
    expect(first(/^verify /)).toBeGreaterThan(last(/^(push|sign) /))
    expect(last(/^(verify|evidence) /)).toBeLessThan(first(/^put /))
  })

  test('each time leaves no tag', async () => {
    const world = worldOf('bundle')
    world.loses = 100
    expect(await codeOf(() => publishAtomically(world.publishing({ 'r.io/one': ['1'] })))).toBe('signature-missing')
    expect(world.calls.filter((call) => call.startsWith('sign '))).toHaveLength(3)
    expect([...world.tags.keys()]).toEqual([])
  })

  test('is told from one that is there and does not verify, which is not made again', async () => {
    const world = worldOf('bundle')
    world.verdict = { kind: 'rejected', rejection: 'no-match', message: '' }
    expect(await codeOf(() => publishAtomically(world.publishing({ 'r.io/one': ['1'] })))).toBe('signature-missing')
    expect(world.calls.filter((call) => call.startsWith('sign '))).toHaveLength(1)
  })
})

describe.each(['an image', 'an index'] as const)('publishing %s', (kind) => {
  test('sets every tag, after every signature by every key was confirmed', async () => {
    const world = worlds[kind]()
    const published = await publishAtomically(world.publishing(TAGS))
    expect([...world.tags.keys()]).toEqual(NAMES)
    expect(new Set(world.tags.values())).toEqual(new Set([world.local.digest]))
    expect(world.unconfirmedAtPut).toEqual([])
    expect(world.signatures).toBe(SIGNATURES[kind])
    expect(
      published.map(({ repository, tags, alreadySigned, signatures }) => [
        repository,
        tags,
        alreadySigned,
        signatures.length,
      ]),
    ).toEqual([
      ['r.io/one', ['1', 'latest'], false, 2 * world.signers.length],
      ['q.io/two', ['1', '2'], false, 2 * world.signers.length],
    ])
    expect(world.overlapped).toBe(false)
  })

  test('a second time adds no signature, puts no tag, and says the same', async () => {
    const world = worlds[kind]()
    const first = await publishAtomically(world.publishing(TAGS))
    world.calls.length = 0
    const second = await publishAtomically(world.publishing(TAGS))
    expect(world.calls.filter((call) => /^(sign|put) /.test(call))).toEqual([])
    expect(world.signatures).toBe(SIGNATURES[kind])
    expect(second).toEqual(first.map((one) => ({ ...one, alreadySigned: true })))
  })

  test.each([false, true])(
    'whichever call fails (after its effect: %s), no tag is unsigned, and the next run completes it',
    async (after) => {
      const whole = worlds[kind]()
      await publishAtomically(whole.publishing(TAGS))
      const firstPut = whole.calls.findIndex((call) => call.startsWith('put '))
      expect(firstPut).toBeGreaterThan(10)
      for (let index = 0; index < whole.calls.length; index++) {
        const world = worlds[kind]()
        world.failAt = index
        world.failAfterEffect = after
        await expect(publishAtomically(world.publishing(TAGS))).rejects.toThrow()
        if (index < firstPut) expect([index, world.tags.size]).toEqual([index, 0])
        expect(world.unconfirmedAtPut).toEqual([])
        world.failAt = Number.POSITIVE_INFINITY
        await publishAtomically(world.publishing(TAGS))
        expect([index, ...[...world.tags.keys()].sort()]).toEqual([index, ...[...NAMES].sort()])
        expect([index, world.signatures]).toEqual([index, SIGNATURES[kind]])
        expect(world.unconfirmedAtPut).toEqual([])
        expect(world.overlapped).toBe(false)
      }
    },
    20_000,
  )

  test('signs what is there while the next is pushed, and sets no tag before all is verified', async () => {
    const world = worlds[kind]()
    const publishing = world.publishing(TAGS)
    const { push } = publishing.finch
    const slowPush: typeof push = async (name, options) => {
      for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
      return push(name, options)
    }
    await publishAtomically({ ...publishing, finch: { ...publishing.finch, push: slowPush } })
    const at = (pattern: RegExp): number => world.calls.findIndex((call) => pattern.test(call))
    expect(at(/^sign r\.io\/one/)).toBeGreaterThan(at(/^push r\.io\/one/))
    expect(at(/^sign r\.io\/one/)).toBeLessThan(at(/^push q\.io\/two/))
    expect(at(/^put /)).toBeGreaterThan(world.calls.findLastIndex((call) => /^(verify|sign|push) /.test(call)))
  })

  test('a signing tool that says 0 and signs nothing leaves no tag', async () => {
    const world = worlds[kind]()
    world.signsNothing = true
    const error = await failureOf(() => publishAtomically(world.publishing(TAGS)))
    expect(error.code).toBe('signature-missing')
    expect(world.tags.size).toBe(0)
    expect(world.calls.some((call) => call.startsWith('put '))).toBe(false)
  })
})

test.each<[string, Verification]>([
  ['rejects it', { kind: 'rejected', rejection: 'no-log-entry', message: '' }],
  [
    'verifies only an attestation',
    {
      kind: 'claims',
      claims: [{ type: 'https://slsa.dev/provenance/v1', digest: image('amd64').digest, annotations: {}, name: '' }],
    },
  ],
  [
    'verifies another digest',
    {
      kind: 'claims',
      claims: [{ type: 'https://sigstore.dev/cosign/sign/v1', digest: image('x').digest, annotations: {}, name: '' }],
    },
  ],
  ['verifies nothing', { kind: 'claims', claims: [] }],
])('a signature that is stored while cosign %s leaves no tag', async (_what, verdict) => {
  const world = worlds['an image']()
  world.verdict = verdict
  expect(await codeOf(() => publishAtomically(world.publishing(TAGS)))).toBe('signature-missing')
  expect(world.tags.size).toBe(0)
})

describe('setting the tags', () => {
  test('leaves out those that point to the digest already', async () => {
    const world = worlds['an image']()
    world.tags.set('r.io/one:latest', world.local.digest)
    world.manifests.set(`r.io/one@${world.local.digest}`, world.local)
    await publishAtomically(world.publishing(TAGS))
    expect(world.calls.filter((call) => call.startsWith('put '))).toEqual([
      'put r.io/one:1',
      'put q.io/two:1',
      'put q.io/two:2',
    ])
  })

  test('names what was set and what was not where it fails in the middle', async () => {
    const probe = worlds['an image']()
    await publishAtomically(probe.publishing(TAGS))
    const world = worlds['an image']()
    world.failAt = probe.calls.indexOf('put q.io/two:1')
    const error = await failureOf(() => publishAtomically(world.publishing(TAGS)))
    expect(error.code).toBe('tag-not-set')
    expect(error.message).toContain('q.io/two:1')
    expect(error.why).toContain('Set are: r.io/one:1, r.io/one:latest, q.io/two:2. Not set are: q.io/two:1.')
  })

  test('does not believe a registry that says yes and changes nothing', async () => {
    const world = worlds['an image']()
    world.putLies = true
    expect(await codeOf(() => publishAtomically(world.publishing(TAGS)))).toBe('tag-not-set')
  })

  test('a cancelled job stays a cancelled job', async () => {
    const world = worlds['an image']()
    const publishing = world.publishing(TAGS)
    const cancelled = new ActionError('step-cancelled', { title: 'Cancelled', what: 'x' })
    const registry = { ...publishing.registry, putTag: () => Promise.reject(cancelled) }
    await expect(publishAtomically({ ...publishing, registry })).rejects.toBe(cancelled)
  })
})

test('an immutable tag that points elsewhere is refused before anything is pushed', async () => {
  const world = worlds['an image']()
  const other = image('other')
  world.tags.set('r.io/one:1', other.digest)
  world.manifests.set(`r.io/one@${other.digest}`, other)
  const error = await publishAtomically(world.publishing(TAGS, ['r.io/one'])).catch((caught: unknown) => caught)
  expect(isAction(error, 'already-tagged')).toBe(true)
  expect(world.calls.some((call) => /^(push|sign|put) /.test(call))).toBe(false)
})

describe('the tag of signatures in the older form, where tags are immutable', () => {
  const legacy = (world: World, repositories: readonly string[]) => ({
    ...world.publishing({ 'r.io/one': ['1'] }, repositories),
    formatsFor: () => ['legacy' as const],
  })

  test('is refused before anything is pushed when several keys would have to write it', async () => {
    const world = worlds['an image']()
    expect(await codeOf(() => publishAtomically(legacy(world, ['r.io/one'])))).toBe('already-tagged')
    expect(world.calls.some((call) => /^(push|sign|put) /.test(call))).toBe(false)
  })

  test('is that of the repository for signatures', async () => {
    const world = worlds['an image']()
    const publishing = { ...legacy(world, ['r.io/signatures']), signatureRepository: 'r.io/signatures' }
    expect(await codeOf(() => publishAtomically(publishing))).toBe('already-tagged')
  })

  test('is refused where it is there already, by another key', async () => {
    const world = new World(image('amd64'), [], signers.slice(0, 1))
    const publishing = legacy(world, ['r.io/one'])
    const evidence = async (_: unknown, digest: string) => ({ digest, bundles: [], legacySignature: digest })
    const registry = { ...publishing.registry, evidence }
    expect(await codeOf(() => publishAtomically({ ...publishing, registry }))).toBe('already-tagged')
  })

  test('may be made by one key', async () => {
    const world = new World(image('amd64'), [], signers.slice(0, 1))
    await publishAtomically(legacy(world, ['r.io/one']))
    expect(world.calls.some((call) => call.startsWith('push '))).toBe(true)
  })
})

test('an index that names one manifest twice has it signed once', async () => {
  const world = new World(indexOf(image('a'), image('a')), [image('a')], signers)
  await publishAtomically(world.publishing({ 'r.io/one': ['1'] }))
  expect(world.signatures).toBe(8)
  expect(world.overlapped).toBe(false)
})

describe('whatever fails', () => {
  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
  }

  test('nothing is left running when a push fails while an image is signed', async () => {
    const world = worlds['an image']()
    const publishing = world.publishing(TAGS)
    let underWay = 0
    const sign = async () => {
      underWay++
      await turns(100)
      underWay--
    }
    const push: typeof publishing.finch.push = async (name, options) => {
      if (name.startsWith('r.io/')) return publishing.finch.push(name, options)
      while (underWay === 0) await turns(1)
      throw new Error('no push')
    }
    const failing = {
      ...publishing,
      cosign: { ...publishing.cosign, sign },
      finch: { ...publishing.finch, push },
    }
    await expect(publishAtomically(failing)).rejects.toThrow('no push')
    expect([underWay, world.tags.size]).toEqual([0, 0])
  })

  test.each(['time-limit', 'step-cancelled'] as const)('nothing is tried again after %s', async (code) => {
    const world = new World(image('amd64'), [], signers.slice(0, 1))
    const publishing = world.publishing({ 'r.io/one': ['1'] })
    let calls = 0
    const sign = () => {
      calls++
      return Promise.reject(new ActionError(code, { title: 'ended', what: 'cosign sign was ended' }))
    }
    expect(await codeOf(() => publishAtomically({ ...publishing, cosign: { ...publishing.cosign, sign } }))).toBe(code)
    expect([calls, world.tags.size]).toEqual([2, 0])
  })
})

test('a digest is pushed and signed while nobody else may, and no lock is taken inside of another', async () => {
  const world = new World(index, children, signers)
  const publishing = world.publishing(TAGS)
  const held = new Set<string>()
  const exclusively: typeof publishing.exclusively = (name, work) => {
    return publishing.exclusively(name, async () => {
      held.add(name)
      try {
        return await work()
      } finally {
        held.delete(name)
      }
    })
  }
  const outside: string[] = []
  const watch = (what: string, name: string): void => {
    if (!held.has(name)) outside.push(`${what} ${name}`)
  }
  const finch: typeof publishing.finch = {
    ...publishing.finch,
    push: (name, options) => {
      watch('push', name)
      return publishing.finch.push(name, options)
    },
  }
  const cosign: typeof publishing.cosign = {
    ...publishing.cosign,
    sign: (name, key, options) => {
      watch('sign', name)
      return publishing.cosign.sign(name, key, options)
    },
  }
  await publishAtomically({ ...publishing, finch, cosign, exclusively })
  expect(outside).toEqual([])
  expect(world.signatures).toBe(24)
})
