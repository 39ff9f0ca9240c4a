import { startProxy } from '../../../__tests__/bed/registry/proxy'
import { type BenchBed, LATENCY, withBenchBed } from '../lib/bench/bench-bed'
import type { BenchRow } from '../lib/bench/rows'
import { inTurns } from '../lib/bench/turns'

const ROUNDS = 7

const BY_HAND = `finch tag "$IMAGE" "$REF"
finch push --sign=cosign --cosign-key="$KEY" "$REF"
cosign verify --key="$PUB" "$REF"
`

/** Publishes one image that the registry does not know yet, signed. */
export function oneImage(): Promise<BenchRow[]> {
  return withBenchBed(async (bed) => {
    const near = await publish(bed, 'near', bed.host)
    const alone = await publish(bed, 'alone', bed.host, { 'signature-format': 'bundle' })
    const { address, port } = bed.workbench.bed.registry.endpoint
    const proxy = await startProxy({ target: { address, port }, rules: [{ path: /./, delayMs: LATENCY }] })
    try {
      const far = await publish(bed, 'far', `localhost:${proxy.port}`)
      return [
        { case: 'one image', ...near, goal: '≤ 1.3', unit: 'ms' },
        { case: 'one image, as a bundle alone', ...alone, goal: '', unit: 'ms' },
        { case: `one image, ${LATENCY} ms latency`, ...far, goal: '≤ 1.15', unit: 'ms' },
      ]
    } finally {
      await proxy.stop()
    }
  })
}

function publish(bed: BenchBed, name: string, host: string, more: Readonly<Record<string, string>> = {}) {
  return inTurns(
    ROUNDS,
    async (round) => {
      const image = await bed.image(`${name}-ours:${round}`)
      return bed.sign({ image: image.name, tags: `${host}/${name}/ours-${round}:1.0`, ...more })
    },
    async (round) => {
      const image = await bed.image(`${name}-theirs:${round}`)
      return bed.byHand(BY_HAND, { IMAGE: image.name, REF: `${host}/${name}/theirs-${round}:1.0` })
    },
  )
}
