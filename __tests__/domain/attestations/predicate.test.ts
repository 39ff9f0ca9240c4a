import { describe, expect, test } from '@jest/globals'
import { checkPredicate, isSamePredicate, LARGEST_PREDICATE } from '../../../src/domain/attestations/predicate'
import { readPredicateType, typeName } from '../../../src/domain/attestations/predicate-type'
import { PREDICATES } from '../../e2e/support/attestations'
import { failureOf } from '../../support/failure'

function typed(name: string) {
  const type = readPredicateType(name)
  if (type === undefined) throw new Error(`${name} is no type`)
  return type
}

const check = (name: string, json: unknown) => checkPredicate(typed(name), 'file.json', JSON.stringify(json))
const why = async (name: string, text: string): Promise<string> => {
  const failure = await failureOf(() => checkPredicate(typed(name), 'file.json', text))
  return (failure as Error).message
}

describe('types', () => {
  test('are names of cosign, or absolute URIs', () => {
    expect(typed('cyclonedx').uri).toBe('https://cyclonedx.org/bom')
    expect(typed('slsaprovenance').uri).toBe('https://slsa.dev/provenance/v0.2')
    expect(typed('https://test.invalid/x')).toEqual({ name: 'https://test.invalid/x', uri: 'https://test.invalid/x' })
    for (const wrong of ['sbom', '', 'CycloneDX', 'test.invalid/x', '/x', 'https://', 'https:///x', 'a b://c']) {
      expect(readPredicateType(wrong)).toBeUndefined()
    }
    expect(typeName('https://spdx.dev/Document')).toBe('spdxjson')
    expect(typeName('https://test.invalid/x')).toBe('https://test.invalid/x')
  })
})

describe('a predicate', () => {
  test.each(Object.entries(PREDICATES))(
    'of the form %s is taken, and one without its first field is not',
    async (name, json) => {
      const type = name === 'own' ? 'https://test.invalid/own' : name
      expect(check(type, json).text).toBe(JSON.stringify(json))
      const [first = ''] = Object.keys(json)
      const { [first]: _, ...rest } = json as Record<string, unknown>
      if (!['own', 'vuln'].includes(name)) expect(await why(type, JSON.stringify(rest))).toContain(`"${first}"`)
    },
  )

  test.each([
    ['cyclonedx', '', 'it is empty'],
    ['cyclonedx', '{', 'it is not JSON'],
    ['cyclonedx', '[]', 'it is no JSON object'],
    ['spdxjson', '{"bomFormat":"CycloneDX","specVersion":"1.6"}', 'it is CycloneDX, not SPDX'],
    ['vuln', '{"SchemaVersion":2,"Results":[]}', "it is trivy's own report, not cosign's record of a scan"],
    [
      'slsaprovenance1',
      '{"builder":{"id":"https://b.invalid"},"buildType":"x:y"}',
      'needs the field "buildDefinition"',
    ],
    ['cyclonedx', '{"predicateType":"x","predicate":{}}', 'it is a whole in-toto statement'],
    ['cyclonedx', '{"payloadType":"x","payload":"","signatures":[]}', 'it is a signed envelope'],
    ['https://test.invalid/x', '{"n":12345678901234567890}', 'cannot keep the number 12345678901234567890'],
    ['https://test.invalid/x', '{"n":1e999}', 'cannot keep the number 1e999'],
    ['spdx', '{"spdxVersion":"SPDX-2.3"}', 'the type is "spdxjson"'],
    ['spdx', 'PackageName: x', 'no line "SPDXVersion:"'],
    ['cyclonedx', ' '.repeat(LARGEST_PREDICATE + 1), 'larger than 8 MiB'],
  ])('as %s that is %.40j is refused: %s', async (name, text, words) => {
    expect(await why(name, text)).toContain(words)
  })

  test('of SPDX may be of version 3, or of tags and values', () => {
    expect(check('spdxjson', { '@context': 'https://spdx.org/rdf/3.0.1', '@graph': [{}] }).source).toBe('file.json')
    expect(checkPredicate(typed('spdx'), 'sbom', 'SPDXVersion: SPDX-2.3\n').text).toContain('SPDX-2.3')
  })

  test('is the same whatever the order of its fields, and no other one', () => {
    const given = check('https://test.invalid/x', { a: 1, b: { c: [1, 2], d: '<' } })
    expect(isSamePredicate(given, { b: { d: '<', c: [1, 2] }, a: 1 })).toBe(true)
    expect(isSamePredicate(given, { b: { d: '<', c: [2, 1] }, a: 1 })).toBe(false)
    expect(isSamePredicate(given, { a: 1, b: { c: [1, 2], d: '<' }, e: null })).toBe(false)
    const custom = checkPredicate(typed('custom'), 'file.json', '{"a":1}')
    expect(isSamePredicate(custom, { Data: '{"a":1}', Timestamp: 'now' })).toBe(true)
    expect(isSamePredicate(custom, { Data: '{"a": 1}', Timestamp: 'now' })).toBe(false)
  })
})
