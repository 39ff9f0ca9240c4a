import { describe, expect, test } from '@jest/globals'
import { isImmutableTag, MUTABLE } from '../../../src/domain/image/ecr-tags'

const SIGNATURES = `sha256-${'a'.repeat(64)}.sig`
const with_ = (setting: string, ...exclusions: string[]) => ({ setting, exclusions })

describe('a tag in Amazon ECR', () => {
  test.each([
    [MUTABLE, 'latest', false],
    [with_('IMMUTABLE'), 'latest', true],
    [with_('IMMUTABLE', 'latest'), 'latest', true],
    [with_('IMMUTABLE_WITH_EXCLUSION', 'latest*'), 'latest', false],
    [with_('IMMUTABLE_WITH_EXCLUSION', 'latest*'), 'latest-arm', false],
    [with_('IMMUTABLE_WITH_EXCLUSION', 'latest*'), '1.2.3', true],
    [with_('IMMUTABLE_WITH_EXCLUSION', 'latest*'), SIGNATURES, true],
    [with_('IMMUTABLE_WITH_EXCLUSION', 'latest*', 'sha256-*'), SIGNATURES, false],
    [with_('IMMUTABLE_WITH_EXCLUSION', '*.sig'), SIGNATURES, false],
    [with_('MUTABLE_WITH_EXCLUSION', 'v*'), 'v1', true],
    [with_('MUTABLE_WITH_EXCLUSION', 'v*'), 'latest', false],
    [with_('MUTABLE_WITH_EXCLUSION', '*'), SIGNATURES, true],
    [with_('MUTABLE_WITH_EXCLUSION', 'a*b*c'), 'axxbyyc', true],
    [with_('MUTABLE_WITH_EXCLUSION', 'a*b*c'), 'axxcyyb', false],
    [with_('MUTABLE_WITH_EXCLUSION', 'v1.0'), 'v1x0', false],
  ])('%j: %s may not move: %s', (mutability, tag, expected) => expect(isImmutableTag(mutability, tag)).toBe(expected))
})
