import { describe, expect, test } from '@jest/globals'
import { readersOf, type SignatureForm } from '../../src/domain/verification/verifiers'
import { admission } from '../../src/report/admission'

const bundle: SignatureForm = { format: 'bundle', by: 'key', isLogged: false }
const legacy: SignatureForm = { format: 'legacy', by: 'key', isLogged: false }
const large = [bundle, legacy].map((one) => ({ ...one, isSha384: true }))
const keyless: SignatureForm = { format: 'bundle', by: 'identity', isLogged: true }
const ids = (forms: readonly SignatureForm[]): string[] => readersOf(forms).can.map(({ id }) => id)

describe('who can read a signature', () => {
  test.each<[string, readonly SignatureForm[], readonly string[]]>([
    ['a bundle by a key', [bundle], ['cosign-3', 'finch', 'cosign-2']],
    ['both', [bundle, legacy], ['cosign-3', 'finch', 'cosign-2', 'policy-controller', 'kyverno', 'containers-image']],
    ['both by P-384', large, ['cosign-3', 'finch', 'cosign-2', 'policy-controller', 'kyverno']],
    ['a keyless bundle', [keyless], ['cosign-3', 'finch', 'cosign-2', 'policy-controller', 'kyverno']],
    ['nothing', [], []],
  ])('%s', (_, forms, expected) => expect(ids(forms)).toEqual(expected))
})

describe('the table in the summary', () => {
  test('has a row for each signed image, and says first who will refuse one', () => {
    const [line = '', folded = ''] = admission([
      { name: 'r.io/whole@1', forms: [bundle, legacy] },
      { name: 'r.io/half@2', forms: [bundle] },
      { name: 'r.io/none@3', forms: [] },
    ])
    expect(line).toContain('policy-controller, Kyverno, podman, CRI-O, skopeo, bootc cannot read the signatures')
    expect(line).toContain('of `r.io/half@2`.')
    expect(folded).toContain('| `r.io/whole@1` | ✅ | ✅ | ✅ | ✅ | ✅ | ✅ |')
    expect(folded).toContain('| `r.io/half@2` | ✅ | ✅ | ✅ | ❌ | ❌ | ❌ |')
    expect(folded).not.toContain('r.io/none')
    expect(folded).toContain('| older form by a key, in no log | policy-controller | `key.data`, no `ctlog` |')
  })

  test('has no warning where everybody can, and is left out where nothing is signed', () => {
    expect(admission([{ name: 'a', forms: [bundle, legacy] }])).toHaveLength(1)
    expect(admission([{ name: 'a', forms: [] }])).toEqual([])
  })

  test('names what a key with SHA-384 and a log need', () => {
    const [, folded = ''] = admission([{ name: 'a', forms: large.map((one) => ({ ...one, isLogged: true })) }])
    expect(folded).toContain('`key.data`, `key.hashAlgorithm: sha384`, `ctlog.url`')
    expect(folded).toContain('| older form by a key (P-384), in a log | podman, CRI-O, skopeo, bootc | not read |')
  })
})
