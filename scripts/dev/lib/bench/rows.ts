/** What a measurement says: our times beside those of the commands by hand, taken in turns in one run. */
export interface BenchRow {
  readonly case: string
  /** One number a run. */
  readonly ours: readonly number[]
  /** The same by hand; undefined where there is nothing to compare with. */
  readonly theirs: readonly number[] | undefined
  /** `≤ 1.3`: what the ratio, or ours alone where there is no other side, may be at most; empty: no goal. */
  readonly goal: string
  /** `ms`: times. `ratio`: numbers that have no unit, or one that `case` names. */
  readonly unit: 'ms' | 'ratio'
  /** What the tests' runner added to each of ours, which is not in `ours`: GitHub's has times of its own. */
  readonly runner?: readonly number[]
}

/** A row with what follows from it. */
export interface JudgedRow extends BenchRow {
  readonly suite: string
  readonly oursMedian: number
  readonly theirsMedian: number | undefined
  /** The median of ours to the median of theirs. */
  readonly ratio: number | undefined
  /** Undefined where there is no goal. */
  readonly isReached: boolean | undefined
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** Computes medians and ratio, and holds them against the goal. */
export function judge(suite: string, row: BenchRow): JudgedRow {
  const { ours, theirs, goal } = row
  const oursMedian = median(ours)
  const theirsMedian = theirs === undefined ? undefined : median(theirs)
  const ratio = theirsMedian === undefined ? undefined : oursMedian / theirsMedian
  const limit = /^≤ (\d+(?:\.\d+)?)/.exec(goal)?.[1]
  const isReached = limit === undefined ? undefined : (ratio ?? oursMedian) <= Number(limit)
  return { ...row, suite, oursMedian, theirsMedian, ratio, isReached }
}
