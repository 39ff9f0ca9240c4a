import { type BenchBed, withBenchBed } from '../lib/bench/bench-bed'
import type { BenchRow } from '../lib/bench/rows'
import { inTurns } from '../lib/bench/turns'

const ROUNDS = 7

/** As nobody has to write it, with the digest known: a verified pull does not give the image its tag. */
const BY_HAND = `cosign verify --key="$PUB" "$REPOSITORY@$DIGEST"
finch pull --verify=cosign --cosign-key="$PUB" "$REPOSITORY@$DIGEST"
finch tag "$REPOSITORY@$DIGEST" "$REPOSITORY:1.0"
`

/** Verifies one signed image that Finch's store does not hold, pulls it and gives it its local name. */
export function verifyOne(): Promise<BenchRow[]> {
  return withBenchBed(async (bed) => {
    const times = await inTurns(
      ROUNDS,
      async (round) => {
        const { REPOSITORY } = await signedElsewhere(bed, `verify/ours-${round}`)
        return bed.verify({ images: `${REPOSITORY}:1.0` })
      },
      async (round) => bed.byHand(BY_HAND, await signedElsewhere(bed, `verify/theirs-${round}`)),
    )
    return [{ case: 'verify one image', ...times, goal: '', unit: 'ms' }]
  })
}

/** An image that is in the registry, signed, and not in Finch's store any more. */
async function signedElsewhere({ host, key, workbench: { bed }, image }: BenchBed, name: string) {
  const reference = `${host}/${name}:1.0`
  const { digest } = await image(reference)
  await bed.runFinch(['push', reference])
  await bed.nerdctl(['rmi', '--force', reference])
  await bed.cosignSignRaw(reference, key)
  return { REPOSITORY: `${host}/${name}`, DIGEST: digest }
}
