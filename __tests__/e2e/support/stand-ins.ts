/**
 * Stand-ins for actions of others, which cannot be had here. They do what a job sees of those actions, and no more:
 * none of their code runs. In a workflow each becomes a step whose name says so.
 */
import type { WorkflowFile, WorkflowStep } from '../../runner/workflow'

/** Scripts by the name of the action; its inputs are in INPUT_* variables. */
const STAND_INS: Readonly<Record<string, string>> = {
  'actions/checkout': 'test "$INPUT_PERSIST_CREDENTIALS" = false',
  // Credentials of the emulator in place of those that the job's identity would get.
  'aws-actions/configure-aws-credentials': `
    [[ $INPUT_ROLE_TO_ASSUME == arn:aws:iam::123456789012:role/* ]]
    printf '%s\\n' "AWS_REGION=$INPUT_AWS_REGION" "AWS_ACCESS_KEY_ID=123456789012" \\
      AWS_SECRET_ACCESS_KEY=not-a-real-secret-0123456789 "AWS_ENDPOINT_URL=$STAND_IN_AWS" >>"$GITHUB_ENV"`,
  // The login of Docker's own configuration, for the account of the credentials.
  'aws-actions/amazon-ecr-login': `
    host="$AWS_ACCESS_KEY_ID.dkr.ecr.$AWS_REGION.amazonaws.com"
    mkdir -p "$HOME/.docker"
    printf '{"auths":{"%s":{"auth":"%s"}}}' "$host" "$(printf 'AWS:%s' "$STAND_IN_ECR_PASSWORD" | base64 -w0)" >"$HOME/.docker/config.json"
    echo "registry=$host" >>"$GITHUB_OUTPUT"`,
  // Of its patterns just the two that the example uses, for a Git tag such as v1.4.0.
  'docker/metadata-action': `
    version="\${GITHUB_REF_NAME#v}"
    { echo 'tags<<END'
      while IFS= read -r line; do
        case $line in
          'type=semver,pattern={{version}}') echo "$INPUT_IMAGES:$version" ;;
          'type=semver,pattern={{major}}.{{minor}}') echo "$INPUT_IMAGES:\${version%.*}" ;;
          '') ;;
          *) exit 1 ;;
        esac
      done <<<"$INPUT_TAGS"
      echo END; } >>"$GITHUB_OUTPUT"`,
  // What the action asks of its inputs: a name without tag, and a digest.
  'actions/attest': `
    [[ $INPUT_SUBJECT_NAME =~ ^[a-z0-9.]+(/[a-z0-9._-]+)+$ ]]
    [[ $INPUT_SUBJECT_DIGEST =~ ^sha256:[0-9a-f]{64}$ ]]`,
}

/** The workflow with a stand-in for each action of others; ours are named by `ourFolder`. */
export function withStandIns(workflow: WorkflowFile, ourFolder: (name: string) => string): WorkflowFile {
  const jobs = Object.entries(workflow.jobs).map(([id, job]) => {
    return [id, { ...job, steps: job.steps.map((step) => replaced(step, ourFolder)) }]
  })
  return { ...workflow, jobs: Object.fromEntries(jobs) }
}

function replaced(step: WorkflowStep, ourFolder: (name: string) => string): WorkflowStep {
  const { uses, with: inputs = {}, ...rest } = step
  if (uses === undefined) return step
  const [name = ''] = uses.split('@')
  const own = /^(?:OWNER\/finch-signing|\.)(?:\/(sign|verify)?)?$/.exec(name)
  if (own !== null) return { ...step, uses: ourFolder(own[1] ?? '') }
  const script = STAND_INS[name]
  if (script === undefined) throw new Error(`there is no stand-in for ${name}`)
  const env = Object.entries(inputs).map(([input, value]) => [
    `INPUT_${input.toUpperCase().replaceAll('-', '_')}`,
    value,
  ])
  const run = `set -euo pipefail\n${script}\n`
  return { ...rest, name: `A stand-in for ${name}`, run, env: { ...rest.env, ...Object.fromEntries(env) } }
}
