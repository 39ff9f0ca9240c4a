import { readFileSync } from 'node:fs'
import type { WorkflowEvent } from '../domain/calls/workflow-event'

/** Reads the event that started the workflow; an empty payload where there is none or it cannot be read. */
export function readEvent(environment: NodeJS.ProcessEnv): WorkflowEvent {
  const base = {
    name: environment.GITHUB_EVENT_NAME ?? '',
    actor: environment.GITHUB_ACTOR ?? '',
    ...readSource(environment),
  }
  try {
    return { ...base, payload: JSON.parse(readFileSync(environment.GITHUB_EVENT_PATH ?? '', 'utf8')) }
  } catch {
    return { ...base, payload: {} }
  }
}

function readSource(environment: NodeJS.ProcessEnv): { source?: string } {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: commit } = environment
  if (!server || !repository || !commit) return {}
  const tree = environment.GITEA_ACTIONS || environment.FORGEJO_ACTIONS ? 'src/commit' : 'blob'
  return { source: `${server}/${repository}/${tree}/${commit}` }
}
