import { describe, expect, test } from '@jest/globals'
import {
  type FileReading,
  holdsSecret,
  judgeReadings,
  MAXIMUM_IMAGES,
} from '../../../../src/domain/verification/files/findings'
import { unresolvedVerdict } from '../../../../src/domain/verification/files/unresolved'
import { codeOf } from '../../../support/failure'

const at = (line: number) => ({ file: 'compose.yaml', line })
const reading = (more: Partial<FileReading>): FileReading => {
  return { path: 'compose.yaml', kind: 'compose', images: [], problems: [], ...more }
}
const judge = (one: Partial<FileReading>, areTemplatesAllowed = false) => {
  return judgeReadings([reading(one)], {
    areTemplatesAllowed,
    lineOf: ({ line }) => `image: ghcr.io/x:\${LINE${line}}`,
    isSecret: (name) => name.includes('token-value'),
  })
}
const problem = (text: string, cause: 'template' | 'invalid') => ({ text, why: 'it is open', cause, ...at(1) })

describe('what files name', () => {
  test('is verified where it parses, each place once', () => {
    const images = [1, 1, 2].map((line) => ({ name: 'ghcr.io/team/app:1', ...at(line) }))
    expect(judge({ images }).mentions.map(({ place }) => place?.line)).toEqual([1, 2])
  })

  test('fails where it is no reference, without the values of variables', () => {
    const { unresolved } = judge({ images: [{ name: 'ghcr.io/UPPER-value', ...at(3) }] }, true)
    expect(unresolved).toMatchObject([{ kind: 'name', line: 3, text: `image: ghcr.io/x:$` + `{LINE3}` }])
    expect(JSON.stringify(unresolved)).not.toContain('UPPER-value')
  })

  test('is not asked for where it holds a secret', () => {
    const { mentions, unresolved } = judge({ images: [{ name: 'evil.example/x:token-value', ...at(1) }] }, true)
    expect([mentions.length, unresolved[0]?.kind]).toEqual([0, 'name'])
    expect(JSON.stringify(unresolved)).not.toContain('token-value')
    expect(holdsSecret('a/b:0123456789abcdef', { GITHUB_TOKEN: '0123456789abcdef' })).toBe(true)
    expect(holdsSecret('123456789012.dkr.ecr.eu-west-1.amazonaws.com/a', { AWS_ACCOUNT_ID: '123456789012' })).toBe(
      false,
    )
  })

  test('templates are let through where that is allowed, mistakes never, names with a registry never', () => {
    const problems = [
      problem('{{ .Values.image }}', 'template'),
      problem('a: [', 'invalid'),
      problem('evil.example.com/app:__A__', 'template'),
    ]
    const allowed = judge({ problems }, true)
    expect(allowed.mentions.map(({ name }) => name)).toEqual(['evil.example.com/app:__A__'])
    expect(allowed.unresolved.map(({ kind }) => kind)).toEqual(['file'])
    expect(allowed.allowed).toHaveLength(1)
    expect(judge({ problems }).unresolved.map(({ kind }) => kind)).toEqual(['template', 'file'])
  })

  test('may not be more than a run can ask for', async () => {
    const images = Array.from({ length: MAXIMUM_IMAGES + 1 }, (_, index) => ({ name: `a.b/cc:${index}`, ...at(1) }))
    expect(await codeOf(() => judge({ images }))).toBe('file-refused')
  })
})

describe('the verdict on what cannot be looked up', () => {
  const verdict = (kind: 'template' | 'name' | 'file' | 'built') => {
    const { image, failure, error } = unresolvedVerdict({ kind, text: 'x', why: 'y', ...at(1) }, 'warn')
    return [image.result, failure?.title ?? (error instanceof Error ? error.name : '')]
  }
  test.each([
    ['template', 'failed', 'Image name cannot be resolved'],
    ['name', 'failed', 'Not an image name'],
    ['built', 'failed', 'Service is built where it runs'],
    ['file', 'error', 'ActionError'],
  ] as const)('%s', (kind, result, title) => expect(verdict(kind)).toEqual([result, title]))
})
