/**
 * Runners on which Finch cannot work are told before anything is downloaded.
 */

/** What is known of the runner without starting anything. */
export interface RunnerFacts {
  readonly os: string
  readonly arch: string
}

/** Throws where no Finch can be installed. */
export function refuseUnsupportedRunner(_facts: RunnerFacts): void {}
