import { withBenchBed } from '../lib/bench/bench-bed'
import type { BenchRow } from '../lib/bench/rows'
import { inTurns } from '../lib/bench/turns'

const ROUNDS = 5
/** About what an application in a language with a runtime has, in layers as a Dockerfile makes them. */
const SIZE = { sizeBytes: 120_000_000, noiseLayers: 5 }

const BY_HAND = `finch tag "$IMAGE" "$REF"
finch push --sign=cosign --cosign-key="$KEY" "$REF"
cosign verify --key="$PUB" "$REF"
`

/** Publishes one image of 120 MB that the registry does not know yet, signed. */
export function largeImage(): Promise<BenchRow[]> {
  return withBenchBed(async (bed) => {
    const times = await inTurns(
      ROUNDS,
      async (round) => {
        const image = await bed.image(`large-ours:${round}`, SIZE)
        return bed.sign({ image: image.name, tags: `${bed.host}/large/ours-${round}:1.0` })
      },
      async (round) => {
        const image = await bed.image(`large-theirs:${round}`, SIZE)
        return bed.byHand(BY_HAND, { IMAGE: image.name, REF: `${bed.host}/large/theirs-${round}:1.0` })
      },
    )
    return [{ case: 'one image of 120 MB', ...times, goal: '', unit: 'ms' }]
  })
}
