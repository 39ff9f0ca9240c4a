/**
 * Provenance of a run of a workflow, as SLSA v1 (slsa.dev/spec/v1.0/provenance) with GitHub's build type for workflows. It holds
 * no time: the same run says the same once more, and the log or a timestamp authority says when.
 */

/** What a runner tells of its run. */
export interface WorkflowRun {
  /** Base of the forge's pages: `https://github.com`. */
  readonly server: string
  /** `owner/name`. */
  readonly repository: string
  /** `refs/heads/main`. */
  readonly ref: string
  /** The commit that was checked out: 40 or 64 hexadecimal digits. */
  readonly commit: string
  /** `owner/name/.github/workflows/release.yml@refs/heads/main`; empty where the runner does not tell. */
  readonly workflowRef: string
  /** Commit that the workflow's file is of; empty where the runner does not tell. */
  readonly workflowCommit: string
  /** What started it: `push`. */
  readonly event: string
  readonly runId: string
  readonly attempt: string
  readonly job: string
  /** `github-hosted` or `self-hosted`; empty where the runner does not tell. */
  readonly environment: string
  readonly repositoryId: string
  readonly ownerId: string
  /** What the person who started it has filled in. */
  readonly inputs: Readonly<Record<string, string | number | boolean>>
}

const BUILD_TYPE = 'https://actions.github.io/buildtypes/workflow/v1'
/** Inputs that may be secrets, whatever they hold. */
const SECRET_NAME = /token|passw|passphrase|secret|key|credential|auth/i

/**
 * The predicate, as JSON text with a line feed at its end.
 * @param isSecret whether a text holds a secret of the job; such inputs are left out, and those whose name says so
 */
export function workflowProvenance(run: WorkflowRun, isSecret: (text: string) => boolean): string {
  const predicate = {
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: { workflow: workflowOf(run), ...inputsOf(run, isSecret) },
      internalParameters: {
        github: filled({
          event_name: run.event,
          repository_id: run.repositoryId,
          repository_owner_id: run.ownerId,
          runner_environment: run.environment,
          job: run.job,
        }),
      },
      resolvedDependencies: dependenciesOf(run),
    },
    runDetails: {
      builder: { id: builderOf(run) },
      metadata: { invocationId: `${run.server}/${run.repository}/actions/runs/${run.runId}/attempts/${run.attempt}` },
    },
  }
  return `${JSON.stringify(predicate, undefined, 2)}\n`
}

/** The runner that GitHub vouches for, or one that somebody else runs: that is all that can be said about who has built. */
function builderOf({ server, environment }: WorkflowRun): string {
  const host = server === 'https://github.com' ? 'https://github.com/actions/runner' : `${server}/actions/runner`
  return `${host}/${environment === 'github-hosted' ? 'github-hosted' : 'self-hosted'}`
}

function workflowOf({ server, repository, ref, workflowRef }: WorkflowRun) {
  const { owner, path, at } = /^(?<owner>[^/]+\/[^/]+)\/(?<path>[^@]+)@(?<at>.+)$/.exec(workflowRef)?.groups ?? {}
  return { ref: at ?? ref, repository: `${server}/${owner ?? repository}`, ...filled({ path: path ?? '' }) }
}

function inputsOf({ inputs }: WorkflowRun, isSecret: (text: string) => boolean) {
  const shown = Object.entries(inputs).filter(([name, value]) => !SECRET_NAME.test(name) && !isSecret(String(value)))
  return shown.length === 0 ? {} : { inputs: Object.fromEntries(shown) }
}

/** The sources, and the workflow's file where it is of another commit. */
function dependenciesOf(run: WorkflowRun) {
  const { server, repository, ref, commit, workflowCommit } = run
  const { repository: ofWorkflow, ref: at } = workflowOf(run)
  const source = { uri: `git+${server}/${repository}@${ref}`, digest: { gitCommit: commit } }
  const isOther = workflowCommit !== '' && workflowCommit !== commit
  return isOther ? [source, { uri: `git+${ofWorkflow}@${at}`, digest: { gitCommit: workflowCommit } }] : [source]
}

function filled(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
}
