import type { RunRecord } from '../domain/calls/run-record'

/** Reads which run this is from the runner's variables: https://docs.github.com/actions/reference/workflows-and-actions/variables */
export function readRunRecord(environment: NodeJS.ProcessEnv): RunRecord {
  const read = (name: string): string => environment[`GITHUB_${name}`] ?? ''
  const server = read('SERVER_URL')
  const repository = read('REPOSITORY')
  const runId = read('RUN_ID')
  return {
    server,
    repository,
    ref: read('REF'),
    commit: read('SHA'),
    event: read('EVENT_NAME'),
    actor: read('ACTOR'),
    workflow: read('WORKFLOW_REF'),
    job: read('JOB'),
    runId,
    runAttempt: read('RUN_ATTEMPT'),
    url: server !== '' && repository !== '' && runId !== '' ? `${server}/${repository}/actions/runs/${runId}` : '',
  }
}
