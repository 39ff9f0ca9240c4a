import * as v from 'valibot'

/** Where and when a step ran, as the runner names it; a field is empty where the runner does not say. */
export const runRecord = v.object({
  /** Address of the forge, e.g. `https://github.com`. */
  server: v.string(),
  repository: v.string(),
  ref: v.string(),
  commit: v.string(),
  event: v.string(),
  actor: v.string(),
  /** The workflow's file and ref, e.g. `team/app/.github/workflows/release.yml@refs/heads/main`. */
  workflow: v.string(),
  job: v.string(),
  runId: v.string(),
  runAttempt: v.string(),
  /** Address of the run. */
  url: v.string(),
})

export type RunRecord = v.InferOutput<typeof runRecord>
