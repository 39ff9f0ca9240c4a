/** Milliseconds; of an action also what the tests' runner added, which does not count. */
type Time = number | { readonly steps: number; readonly runner: number }

/** One side of a comparison. */
export type Timed = (round: number) => Promise<Time>

export interface Times {
  ours: number[]
  theirs: number[]
  /** What the tests' runner added to each of ours. */
  runner: number[]
}

/**
 * Runs both sides in turns, so that whatever else the machine does meets both. Who begins changes with each round; a
 * first round warms caches and does not count.
 */
export async function inTurns(rounds: number, ours: Timed, theirs: Timed): Promise<Times> {
  const times: Times = { ours: [], theirs: [], runner: [] }
  for (let round = 0; round <= rounds; round++) {
    const sides = [
      { to: times.ours, run: ours },
      { to: times.theirs, run: theirs },
    ]
    for (const { to, run } of round % 2 === 0 ? sides : sides.reverse()) {
      const time = await run(round)
      if (round === 0) continue
      to.push(typeof time === 'number' ? time : time.steps)
      if (typeof time !== 'number') times.runner.push(time.runner)
    }
  }
  return times
}
