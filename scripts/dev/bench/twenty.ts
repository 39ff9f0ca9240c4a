import { type BenchBed, withBenchBed } from '../lib/bench/bench-bed'
import { composeProject } from '../lib/bench/compose-project'
import type { BenchRow } from '../lib/bench/rows'

const IMAGES = 20
const ROUNDS = 5

const BY_HAND = `for image in $IMAGES; do
  finch push --sign=cosign --cosign-key="$KEY" "$image"
  cosign verify --key="$PUB" "$image"
done
`

/** Publishes the twenty images of a compose file, signed, and then does the same once more. */
export function twenty(): Promise<BenchRow[]> {
  return withBenchBed(async (bed) => {
    const rounds: Awaited<ReturnType<typeof measure>>[] = []
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(bed, round))
    const row = (name: 'first' | 'again' | 'alone') => ({
      ours: rounds.map((one) => one.ours[name].steps),
      theirs: rounds.map((one) => one.theirs[name === 'again' ? 'again' : 'first']),
      runner: rounds.map((one) => one.ours[name].runner),
      unit: 'ms' as const,
    })
    return [
      { case: `${IMAGES} images of a compose file`, ...row('first'), goal: '≤ 0.6' },
      { case: `${IMAGES} images, as bundles alone`, ...row('alone'), goal: '' },
      { case: `the same ${IMAGES} once more`, ...row('again'), goal: '≤ 0.3' },
    ]
  })
}

async function measure(bed: BenchBed, round: number) {
  const mine = await composeProject(bed, `ours-${round}`, IMAGES)
  const hers = await composeProject(bed, `theirs-${round}`, IMAGES)
  const sign = () => bed.sign({ 'compose-file': 'compose.yaml' }, mine.workspace)
  const loop = () => bed.byHand(BY_HAND, { IMAGES: hers.images.join(' ') })
  const ours = { first: await sign() }
  const theirs = { first: await loop() }
  const again = await sign()
  const bundles = await composeProject(bed, `alone-${round}`, IMAGES)
  const alone = await bed.sign({ 'compose-file': 'compose.yaml', 'signature-format': 'bundle' }, bundles.workspace)
  return { ours: { ...ours, again, alone }, theirs: { ...theirs, again: await loop() } }
}
