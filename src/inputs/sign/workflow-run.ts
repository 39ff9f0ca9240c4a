/**
 * The run of the workflow that the job belongs to, as the runner tells it, for its provenance.
 */
import * as v from 'valibot'
import type { WorkflowRun } from '../../domain/attestations/provenance'
import type { WorkflowEvent } from '../../domain/calls/workflow-event'
import { ActionError } from '../../domain/errors/action-error'
import { readForge } from '../forge'
import { readRunRecord } from '../run-record'

const dispatched = v.object({ inputs: v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()])) })

/** What provenance cannot do without. */
const NEEDED = ['GITHUB_REPOSITORY', 'GITHUB_REF', 'GITHUB_SHA', 'GITHUB_RUN_ID'] as const

/** Throws an ActionError (`provenance-unknown`) where the runner does not tell enough. */
export function readWorkflowRun(environment: NodeJS.ProcessEnv, event: WorkflowEvent): WorkflowRun {
  const missing = NEEDED.filter((name) => !environment[name])
  if (missing.length > 0) throw unknownRun(missing)
  const of = (name: string): string => environment[name] ?? ''
  const { repository, ref, commit, workflow, runId, runAttempt, job } = readRunRecord(environment)
  return {
    server: readForge(environment).server,
    repository,
    ref,
    commit,
    workflowRef: workflow,
    workflowCommit: of('GITHUB_WORKFLOW_SHA'),
    event: event.name,
    runId,
    attempt: runAttempt || '1',
    job,
    environment: of('RUNNER_ENVIRONMENT'),
    repositoryId: of('GITHUB_REPOSITORY_ID'),
    ownerId: of('GITHUB_REPOSITORY_OWNER_ID'),
    inputs: inputsOf(event),
  }
}

/** What somebody has filled in who started the workflow by hand. */
function inputsOf({ payload }: WorkflowEvent): WorkflowRun['inputs'] {
  const parsed = v.safeParse(dispatched, payload)
  if (!parsed.success) return {}
  const filled = Object.entries(parsed.output.inputs).filter((one): one is [string, string | number | boolean] => {
    return one[1] !== null
  })
  return Object.fromEntries(filled)
}

function unknownRun(missing: readonly string[]): ActionError {
  return new ActionError('provenance-unknown', {
    title: 'The provenance of this run is not known',
    what: `"provenance: true" was given, and the runner does not say what this run is: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} empty.`,
    why: 'A provenance that leaves open which repository, commit and run it speaks of says nothing.',
    hint: 'Run the action in a job of a workflow, or leave out "provenance".',
  })
}
