/**
 * Finch on macOS: an installer package, signed by Amazon and notarised by Apple.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { lastWords, type ProcessResult } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'
import { askVersion } from '../machine/ask-version'

import type { ActivationPorts } from '../machine/ports'
import { refuseReplacing, startMachine, writeSetting } from '../machine/vm'
import type { Activated, VerifiedPackage } from './verified-package'

/** Amazon's team at Apple, which signs Finch. */
const TEAM = '94KV3E626L'
const APPLICATION = 'Applications/Finch'
const QUICK = 60_000
const INSTALL_LIMIT = 300_000
/** What Finch's own uninstaller takes away, apart from the user's settings. */
const PARTS = [APPLICATION, 'opt/finch', 'private/var/run/finch-lima', 'private/etc/sudoers.d/finch-lima']
/** GitHub's runners for Intel boot a virtual machine with no more than one processor. */
const HOSTED_SETTINGS = 'cpus: 1\nmemory: 2GiB\nvmType: vz\n'

/** Checks who has signed the package, installs it, and starts the virtual machine. */
export async function activatePkg(pack: VerifiedPackage, ports: ActivationPorts): Promise<Activated> {
  await checkSignature(pack, ports)
  await checkNotarisation(pack, ports)
  writeSettings(ports)
  const application = join(ports.root, APPLICATION)
  if (existsSync(application)) {
    refuseReplacing(application, pack.version, ports)
    await removeOther(ports)
  }
  const args = ['-pkg', pack.path, '-target', ports.root]
  const installed = await root(ports, 'installer', args, INSTALL_LIMIT)
  const path = join(application, 'bin', 'finch')
  if (installed.exitCode !== 0 || !existsSync(path)) throw notInstalled(pack, installed)
  ports.say(`Finch ${pack.version} is installed`)
  await startMachine(path, ports)
  return { path, version: await askVersion(pack, path, ports) }
}

async function checkSignature({ path }: VerifiedPackage, ports: ActivationPorts): Promise<void> {
  const args = ['--check-signature', path]
  const ended = await ports.run({ label: 'pkgutil', file: 'pkgutil', args, timeLimit: QUICK })
  const says = (pattern: RegExp): boolean => pattern.test(ended.stdout)
  const isSigned = says(/^\s*Status: signed by a developer certificate issued by Apple for distribution\s*$/m)
  const isAmazon = says(new RegExp(`^\\s*1\\. Developer ID Installer: .*\\(${TEAM}\\)\\s*$`, 'm'))
  if (ended.exitCode !== 0 || !isSigned)
    throw packageRefused(path, 'is not signed by a certificate that Apple has issued', ended)
  if (!isAmazon) throw packageRefused(path, `is signed by another team than ${TEAM}`, ended)
  if (!says(/^\s*Notarization: trusted by the Apple notary service\s*$/m))
    throw packageRefused(path, 'is not notarised', ended)
}

/** Gatekeeper's own word, which counts revocations too. */
async function checkNotarisation({ path }: VerifiedPackage, ports: ActivationPorts): Promise<void> {
  const args = ['-a', '-vv', '-t', 'install', path]
  const ended = await ports.run({ label: 'spctl', file: 'spctl', args, timeLimit: QUICK })
  const text = `${ended.stdout}\n${ended.stderr}`
  const isAccepted = ended.exitCode === 0 && /: accepted\s*$/m.test(text)
  const isNotarised = /^source=Notarized Developer ID\s*$/m.test(text) && text.includes(`(${TEAM})`)
  if (!isAccepted || !isNotarised) throw packageRefused(path, 'is not accepted by Gatekeeper', ended)
}

async function removeOther(ports: ActivationPorts): Promise<void> {
  ports.say('Removing the Finch of another version')
  const finch = join(ports.root, APPLICATION, 'bin', 'finch')
  for (const verb of ['stop', 'remove']) {
    const args = ['vm', verb, '--force']
    await ports.run({ label: `finch vm ${verb}`, file: finch, args, timeLimit: QUICK })
  }
  const listed = await ports.run({ label: 'pkgutil', file: 'pkgutil', args: ['--pkgs'], timeLimit: QUICK })
  for (const name of listed.stdout.split('\n').filter((line) => /^org\.Finch\.[\w.-]+$/.test(line))) {
    await root(ports, 'pkgutil', ['--forget', name], QUICK)
  }
  const removed = await root(ports, 'rm', ['-rf', '--', ...PARTS.map((part) => join(ports.root, part))], QUICK)
  if (removed.exitCode === 0) return
  throw new ActionError(
    'install-failed',
    { title: 'Finch cannot be installed', what: 'The Finch of another version could not be removed.' },
    { cause: lastWords(removed) },
  )
}

/** Before Finch is called for the first time: it fills in what is missing, and makes the machine after it. Without a login store of its own Finch asks the keychain. */
function writeSettings({ home, isHosted, say }: ActivationPorts): void {
  const folder = join(home, '.finch')
  if (isHosted && writeSetting(folder, 'finch.yaml', HOSTED_SETTINGS))
    say('The virtual machine gets one processor and 2 GiB')
  writeSetting(folder, 'config.json', '{"auths":{}}\n')
}

function root(
  ports: ActivationPorts,
  file: string,
  args: readonly string[],
  timeLimit: number,
): Promise<ProcessResult> {
  return ports.run({ label: file, file, args, timeLimit, asRoot: true })
}

function packageRefused(path: string, how: string, ended: ProcessResult): ActionError {
  return new ActionError(
    'package-refused',
    {
      title: 'The package is refused',
      what: `${path} ${how}.`,
      why: "Finch's package for macOS is signed by Amazon and notarised by Apple.",
      hint: 'Do not install it. Check the inputs "finch-version" and "download-url".',
    },
    { cause: lastWords(ended) },
  )
}

function notInstalled({ version }: VerifiedPackage, ended: ProcessResult): ActionError {
  return new ActionError(
    'install-failed',
    {
      title: 'Finch cannot be installed',
      what: `The installer of Finch ${version} ended with code ${ended.exitCode}.`,
      hint: 'Finch needs macOS 11 or later. The cause is what the installer printed last; see also /var/log/install.log.',
    },
    { cause: lastWords(ended) },
  )
}
