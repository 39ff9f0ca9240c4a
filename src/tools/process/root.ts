/**
 * What needs root goes through `sudo -n` where this process is not root. `sudo -E` is not used: sudo-rs ignores it.
 */
import { ActionError } from '../../domain/errors/action-error'
import type { Command } from './process'

const SUDO_REFUSED =
  /sudo(-rs)?: .*(password is required|not in the sudoers|a terminal is required|not allowed to (set|preserve|execute)|authentication required)/i

/** True where this process is not root and root is reached through sudo. */
export function needsSudo(): boolean {
  return process.platform !== 'win32' && process.getuid?.() !== 0
}

/** The same command through sudo, which hands on the named variables only. */
export function throughSudo(command: Command, kept: readonly string[]): Command {
  const preserved = kept.length === 0 ? [] : [`--preserve-env=${kept.join(',')}`]
  const args = ['-n', ...preserved, '--', command.file, ...command.args]
  return { ...command, file: 'sudo', args, throughSudo: true }
}

/** True when sudo itself has refused, as it says so. */
export function isSudoRefusal(output: string): boolean {
  return SUDO_REFUSED.test(output)
}

/** The error for a runner that gives no root. */
export function needsRoot(cause: unknown): ActionError {
  return new ActionError(
    'root-needed',
    {
      title: 'Finch needs root on Linux',
      what: 'This runner is not root, and sudo asks for a password or does not let its user run Finch with the variables it needs.',
      hint: "Let the runner's user call sudo without a password and keep variables (NOPASSWD:SETENV), or run the job as root.",
    },
    { cause },
  )
}
