import { describe, expect, test } from '@jest/globals'
import * as v from 'valibot'
import { groupByRepository, type SignPlan, signPlanSchema } from '../../../src/domain/publishing/sign-plan'

const destinations = groupByRepository([{ registry: 'r.io', path: 'team/app', tag: '1' }])
const PLAN: SignPlan = {
  images: [
    { source: 'app', destinations, services: [] },
    { source: 'web', destinations, services: ['web'], keys: [0, 1] },
  ],
  promotion: { registry: 'r.io', path: 'team/app', digest: `sha256:${'0'.repeat(64)}` },
  keys: [{ reference: 'env://KEY', input: 'service web, x-nerdctl-cosign-private-key' }],
  build: { file: '/work/compose.yaml', services: ['web'], profiles: [] },
}

const read = (plan: unknown) => v.parse(signPlanSchema, JSON.parse(JSON.stringify(plan)))

test('a plan comes out of its file as it went in', () => {
  expect(read(PLAN)).toEqual(PLAN)
  const smallest: SignPlan = { images: [{ source: 'app', destinations, services: [] }] }
  expect(read(smallest)).toEqual(smallest)
})

describe('a plan that is not understood is refused:', () => {
  test.each([
    ['no images', { ...PLAN, images: undefined }],
    ['an image without a destination', { images: [{ source: 'app', services: [] }] }],
    ['keys by name', { images: [{ ...PLAN.images[0], keys: ['env://KEY'] }] }],
    ['more than this version knows', { ...PLAN, attestations: [] }],
  ])('%s', (_what, plan) => {
    expect(() => read(plan)).toThrow()
  })
})
