/**
 * `finch compose build`. Unlike any other call it runs what the project's files say, so that it gets the job's variables,
 * which those files fill in, and the job's own logins, with which images to build upon are pulled.
 */
import { endOf, lastWords, type ProcessResult } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'
import type { ComposeBuild } from '../../domain/publishing/sign-plan'
import { jobVariables } from '../process/environment'
import { isSudoRefusal, needsRoot, throughSudo } from '../process/root'
import type { FinchContext } from './finch-context'
import { jobLogins } from './finch-host'

/** Variables that say who and where the runner's user is; root has its own. */
const OF_THE_USER = /^(HOME|USER|LOGNAME|SHELL|MAIL|PATH|PWD|OLDPWD|SHLVL|TERM|_|XDG_.*|SUDO_.*|LD_.*|BASH.*)$/
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const NO_BUILDKIT = /no buildkit host|buildkitd?\.sock|buildctl.*(not found|no such file)|failed to ping.*buildkit/i

/** Builds the services. Throws an ActionError (`build-failed`) with what was printed last. */
export async function composeBuild(context: FinchContext, build: ComposeBuild): Promise<void> {
  const { host, jobEnvironment, secrets, timeLimit, onLine, run } = context
  const docker = jobLogins(host, jobEnvironment)
  const granted = docker === undefined ? {} : { DOCKER_CONFIG: docker }
  const env = jobVariables(jobEnvironment, secrets, granted)
  const profiles = build.profiles.map((profile) => `--profile=${profile}`)
  const args = ['compose', `--file=${build.file}`, ...profiles, 'build', '--', ...build.services]
  const command = { label: 'finch compose build', file: context.path, args, env, timeLimit, onLine }
  const names = Object.keys(env).filter((name) => NAME.test(name) && !OF_THE_USER.test(name))
  const finished = await run(context.needsSudo ? throughSudo(command, names) : command)
  if (finished.exitCode !== 0) throw buildFailed(finished, build)
}

function buildFailed(result: ProcessResult, { services }: ComposeBuild): ActionError {
  const output = `${result.stdout}\n${result.stderr}`
  const cause = lastWords(result)
  if (isSudoRefusal(output)) return needsRoot(cause)
  const isWithoutBuildKit = NO_BUILDKIT.test(output)
  return new ActionError(
    'build-failed',
    {
      title: 'The build failed',
      what: `finch compose build ${services.join(' ')} ended with ${endOf(result)}.`,
      why: isWithoutBuildKit ? 'Finch cannot reach BuildKit, which does the building.' : 'Nothing was pushed.',
      hint: isWithoutBuildKit
        ? 'Start it in a step before: sudo systemctl start finch-buildkit.'
        : 'The cause is what the build itself printed; the whole of it stands above.',
    },
    { cause },
  )
}
