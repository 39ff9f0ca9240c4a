/**
 * What a tool that was just installed says of itself: names and signatures do not prove which version a package holds.
 */
import { lastWords } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'
import { parseCosignVersion, parseFinchVersion } from '../../domain/releases/tool-version'
import type { VerifiedPackage } from '../packages/verified-package'
import type { ActivationPorts } from './ports'

const TIME_LIMIT = 60_000

/** The version that the tool answers with. Throws `install-failed` when it gives none, whatever the exit codes said. */
export async function askVersion(
  { tool, version }: VerifiedPackage,
  path: string,
  ports: ActivationPorts,
  asRoot = false,
): Promise<string> {
  const [title, args, parse] =
    tool === 'finch'
      ? (['Finch', ['version'], parseFinchVersion] as const)
      : (['cosign', ['version', '--json'], parseCosignVersion] as const)
  const ended = await ports.run({ label: `${tool} version`, file: path, args, timeLimit: TIME_LIMIT, asRoot })
  const found = parse(`${ended.stdout}\n${ended.stderr}`)
  if (found !== undefined) return found
  throw new ActionError(
    'install-failed',
    {
      title: `${title} does not run`,
      what: `${path} was installed and does not answer "${tool} version" with ${version}.`,
      hint: 'The cause is what it printed. Programs of another architecture, and file systems mounted noexec, fail so.',
    },
    { cause: lastWords(ended) },
  )
}
