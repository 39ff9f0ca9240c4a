import { describe, expect, test } from '@jest/globals'
import {
  checkCosignVersion,
  checkFinchVersion,
  isWanted,
  parseCosignVersion,
  parseFinchVersion,
} from '../../../src/domain/releases/tool-version'
import { codeOf } from '../../support/failure'

describe('versions are read from what the tools print', () => {
  test.each([
    ['Client:\n Version:\tv1.18.0\n OS/Arch:\tlinux/amd64\n', '1.18.0'],
    ['Client:\n Version: 1.16.2\n\nServer:\n containerd:\n  Version: v2.1.0\n', '1.16.2'],
    ['Finch version: v1.18.0', '1.18.0'],
    ['finch 2.14.1 (libpurple)', undefined],
    ['Server:\n Version: v1.0.0', undefined],
    ['Client:\n Version: unknown', undefined],
    ['', undefined],
  ])('finch %j', (output, version) => expect(parseFinchVersion(output)).toBe(version))

  test.each([
    ['{\n  "gitVersion": "v3.0.5",\n  "gitCommit": "unknown"\n}', '3.0.5'],
    ['cosign: A tool\n\nGitVersion:    v2.6.4\nGitCommit:     x', '2.6.4'],
    ['{"gitVersion": "devel"}', undefined],
    ['', undefined],
  ])('cosign %j', (output, version) => expect(parseCosignVersion(output)).toBe(version))
})

test.each([
  ['1.18.0', '1.18.0', true],
  ['1.18.1', '1.18.0', false],
  ['1.18.1', '^1.18.0', true],
  ['2.0.0', '1.x', false],
  ['0.0.1', 'system', true],
  ['3.0.5', 'bundled', true],
])('%s for the wish %s: %s', (version, wanted, expected) => expect(isWanted(version, wanted)).toBe(expected))

test.each(['2.0.0', '2.6.4', '3.0.4', '3.0.5', '3.1.2'])('cosign %s is used', (version) => {
  expect(() => checkCosignVersion(version)).not.toThrow()
})

test.each(['1.13.6', '2.0.0-rc.1', '3.0.0', '3.0.1', '3.0.2', '3.0.3', '3.0.0-rc.1', '3.0.3-rc.1'])(
  'cosign %s is refused',
  async (version) => {
    expect(await codeOf(() => checkCosignVersion(version))).toBe('cosign-version-refused')
  },
)

test('a Finch before 1.16 is refused', async () => {
  expect(await codeOf(() => checkFinchVersion('1.15.9'))).toBe('finch-version-refused')
  expect(() => checkFinchVersion('1.16.0')).not.toThrow()
})
