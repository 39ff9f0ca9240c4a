/**
 * Finch on Windows: an installer that Amazon has signed (Authenticode), and what WSL needs before it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lastWords, type ProcessResult } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'
import { organisationOf } from '../../domain/releases/certificate-subject'
import { askVersion } from '../machine/ask-version'

import type { ActivationPorts } from '../machine/ports'
import { refuseReplacing, startMachine } from '../machine/vm'
import type { Activated, VerifiedPackage } from './verified-package'

/** The companies of Amazon that sign software. */
const SIGNERS = /^Amazon(\.com| Web Services)(, Inc\.| Services,? (LLC|Inc\.)| LLC)?$/
const QUICK = 120_000
const INSTALL_LIMIT = 600_000
const RESTART_WANTED = [3010, 1641]
/** Another installation is under way. */
const BUSY = 1618
const ATTEMPTS = 6
const PAUSE = 10

/** The path comes as a variable: no quoting can go wrong. */
const SIGNATURE_QUERY = [
  '$ErrorActionPreference = "Stop"',
  '$found = Get-AuthenticodeSignature -LiteralPath $env:FINCH_SIGNING_PACKAGE',
  '"status=$($found.Status)"',
  '"subject=$($found.SignerCertificate.Subject)"',
].join('; ')

/** Checks who has signed the package, installs it, and starts the virtual machine. */
export async function activateMsi(pack: VerifiedPackage, ports: ActivationPorts): Promise<Activated> {
  await checkSignature(pack, ports)
  const programs = ports.environment.ProgramW6432 || ports.environment.ProgramFiles || 'C:\\Program Files'
  const path = join(programs, 'Finch', 'bin', 'finch.exe')
  if (existsSync(path)) refuseReplacing(join(programs, 'Finch'), pack.version, ports)
  await install(pack, ports)
  if (!existsSync(path)) throw notInstalled(pack, `it left no ${path}`, undefined)
  ports.say(`Finch ${pack.version} is installed`)
  await prepareWsl(ports)
  await startMachine(path, ports)
  return { path, version: await askVersion(pack, path, ports) }
}

async function checkSignature({ path }: VerifiedPackage, ports: ActivationPorts): Promise<void> {
  const ended = await ports.run({
    label: 'Get-AuthenticodeSignature',
    file: 'powershell.exe',
    args: ['-NoProfile', '-NonInteractive', '-Command', SIGNATURE_QUERY],
    env: { FINCH_SIGNING_PACKAGE: path },
    timeLimit: QUICK,
  })
  const status = /^status=(.*?)\s*$/m.exec(ended.stdout)?.[1] ?? ''
  const subject = /^subject=(.*?)\s*$/m.exec(ended.stdout)?.[1] ?? ''
  if (ended.exitCode !== 0 || status !== 'Valid')
    throw packageRefused(path, `has the signature status "${status}"`, ended)
  if (!SIGNERS.test(organisationOf(subject) ?? ''))
    throw packageRefused(path, `is signed by ${subject || 'nobody'}`, ended)
}

async function install(pack: VerifiedPackage, ports: ActivationPorts): Promise<void> {
  const log = join(ports.temporary, 'finch-msi.log')
  const args = ['/i', pack.path, '/quiet', '/norestart', '/l*v', log]
  for (let attempt = 1; ; attempt++) {
    const { exitCode } = await ports.run({ label: 'msiexec', file: 'msiexec.exe', args, timeLimit: INSTALL_LIMIT })
    if (exitCode === 0) return
    if (exitCode !== null && RESTART_WANTED.includes(exitCode)) {
      return ports.warn(
        'Windows wants to restart',
        'The installer of Finch asks for a restart; it goes on without one.',
      )
    }
    if (exitCode !== BUSY || attempt === ATTEMPTS) throw notInstalled(pack, `it ended with code ${exitCode}`, log)
    ports.say(`Another installation is under way; trying again in ${PAUSE} s`)
    await ports.pause(PAUSE * 1000)
  }
}

/** Lima cannot list the distributions where there is none, so that an empty one is made. */
async function prepareWsl(ports: ActivationPorts): Promise<void> {
  const wsl = (...args: string[]): Promise<ProcessResult> => {
    return ports.run({ label: `wsl ${args[0]}`, file: 'wsl.exe', args, env: { WSL_UTF8: '1' }, timeLimit: QUICK })
  }
  const chosen = await wsl('--set-default-version', '2')
  if (chosen.exitCode !== 0) throw noWsl(chosen)
  const updated = await wsl('--update')
  if (updated.exitCode !== 0)
    ports.warn('WSL was not updated', 'wsl --update failed; the version that is there is used.')
  const listed = await wsl('--list', '--quiet')
  if (listed.exitCode === 0 && listed.stdout.replaceAll('\0', '').trim() !== '') return
  const folder = join(ports.programs, 'wsl-empty')
  mkdirSync(folder, { recursive: true })
  const archive = join(folder, 'empty.tar')
  writeFileSync(archive, Buffer.alloc(10_240))
  const imported = await wsl('--import', 'finch-signing-empty', folder, archive)
  if (imported.exitCode !== 0) throw noWsl(imported)
}

function packageRefused(path: string, how: string, ended: ProcessResult): ActionError {
  return new ActionError(
    'package-refused',
    {
      title: 'The package is refused',
      what: `${path} ${how}.`,
      why: "Finch's package for Windows is signed by Amazon, and Windows has to trust the signature.",
      hint: 'Do not install it. Check the inputs "finch-version" and "download-url".',
    },
    { cause: lastWords(ended) },
  )
}

function notInstalled({ version }: VerifiedPackage, how: string, log: string | undefined): ActionError {
  const text = log === undefined || !existsSync(log) ? '' : readFileSync(log, 'utf16le')
  const telling = text.split(/\r?\n/).filter((line) => /return value 3|error \d{4}|already installed/i.test(line))
  return new ActionError(
    'install-failed',
    {
      title: 'Finch cannot be installed',
      what: `The installer of Finch ${version} did not succeed: ${how}.`,
      why: '1603 is the code of every failure inside of it; a newer Finch that is there already is one reason.',
      hint: log === undefined ? 'Install Finch by hand to see more.' : `Its log is ${log}.`,
    },
    telling.length === 0 ? {} : { cause: new Error(telling.slice(-5).join('\n')) },
  )
}

function noWsl(ended: ProcessResult): ActionError {
  return new ActionError(
    'vm-failed',
    {
      title: 'WSL 2 cannot be used',
      what: 'Finch runs in WSL 2 on Windows, and wsl.exe failed.',
      hint: 'Use windows-2025, or switch WSL 2 on: wsl --install.',
    },
    { cause: lastWords(ended) },
  )
}
