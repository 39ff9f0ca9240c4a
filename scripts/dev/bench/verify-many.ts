import { startProxy } from '../../../__tests__/bed/registry/proxy'
import { type BenchBed, LATENCY, withBenchBed } from '../lib/bench/bench-bed'
import type { BenchRow } from '../lib/bench/rows'
import { signedImages } from '../lib/bench/signed-images'
import { inTurns } from '../lib/bench/turns'

const IMAGES = 200
const FAR = 40

const BY_HAND = `for ref in $REFS; do
  cosign verify --key="$PUB" "$ref"
done
`

/** Verifies two hundred references to two hundred images, and fewer of them through a slow network. */
export function verifyMany(): Promise<BenchRow[]> {
  return withBenchBed(async (bed) => {
    const references = await signedImages(bed, IMAGES)
    const near = await compare(bed, 5, references)
    const { address, port } = bed.workbench.bed.registry.endpoint
    const proxy = await startProxy({ target: { address, port }, rules: [{ path: /./, delayMs: LATENCY }] })
    try {
      const through = references.slice(0, FAR).map((name) => name.replace(bed.host, `localhost:${proxy.port}`))
      const far = await compare(bed, 3, through)
      return [
        { case: `${IMAGES} references verified`, ...near, goal: '≤ 0.3', unit: 'ms' },
        { case: `${FAR} references verified, ${LATENCY} ms latency`, ...far, goal: '≤ 0.3', unit: 'ms' },
      ]
    } finally {
      await proxy.stop()
    }
  })
}

function compare(bed: BenchBed, rounds: number, references: readonly string[]) {
  return inTurns(
    rounds,
    () => bed.verify({ images: references.join('\n'), pull: 'false' }),
    () => bed.byHand(BY_HAND, { REFS: references.join(' ') }),
  )
}
