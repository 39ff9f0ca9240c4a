/**
 * What the steps of one action hand to each other: a private folder in RUNNER_TEMP that the last step removes.
 * Nothing secret but the registry logins (a file only this user can read) is ever written to it.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import * as v from 'valibot'
import { ActionError } from '../../domain/errors/action-error'
import { keyAlgorithm } from '../../domain/keys/key-algorithm'
import { identify, isAlive } from '../process/process-table'

const PREFIX = 'finch-signing-'
const STATE_FILE = 'session.json'
const DAY = 24 * 60 * 60 * 1000

const publicKey = v.object({
  pem: v.string(),
  fingerprint: v.string(),
  algorithm: keyAlgorithm,
  name: v.exactOptional(v.string()),
})
const state = v.object({
  /** Process that the steps belong to: when it has ended, nobody needs the folder. */
  owner: v.number(),
  /** When it was started, which tells it from a later one of the same number; empty where that is not known. */
  started: v.optional(v.string(), ''),
  tools: v.optional(
    v.object({
      /** Absent where the action calls cosign alone. */
      finch: v.exactOptional(v.object({ path: v.string(), version: v.string() })),
      cosign: v.object({ path: v.string(), version: v.string() }),
    }),
  ),
  keys: v.optional(v.array(publicKey)),
  /** Keys that a remote image must be signed by before it is published elsewhere. */
  verifyKeys: v.optional(v.array(publicKey)),
  /** Fingerprints of the keys that the list marks as outgoing. */
  outgoingKeys: v.optional(v.array(v.string())),
})

export type SessionState = v.InferOutput<typeof state>

/** A session's folder and what is stored in it. */
export class Session {
  private constructor(
    readonly folder: string,
    private current: SessionState,
  ) {}

  /** Makes a folder that only this user can enter. `owner`: the process whose end makes it useless. */
  static create(temporary: string, owner: number): Session {
    const started = identify(owner)?.started ?? ''
    const session = new Session(mkdtempSync(join(temporary, PREFIX)), { owner, started })
    mkdirSync(session.dockerConfig, { mode: 0o700 })
    session.update({})
    return session
  }

  /** Opens the folder that an earlier step made. Throws an ActionError (`session-missing`) when it is not there. */
  static open(folder: string): Session {
    try {
      if (folder === '') throw new Error('no folder was named')
      return new Session(folder, v.parse(state, JSON.parse(readFileSync(join(folder, STATE_FILE), 'utf8'))))
    } catch (cause) {
      throw nothingLeft(cause)
    }
  }

  get state(): SessionState {
    return this.current
  }

  /** Folder of the Docker configuration that the tools of this session use. */
  get dockerConfig(): string {
    return join(this.folder, 'docker')
  }

  get tufRoot(): string {
    return join(this.folder, 'tuf')
  }

  /** Reads a file that an earlier step has written. Throws an ActionError (`session-missing`) when it is not there. */
  read(name: string): string {
    try {
      return readFileSync(join(this.folder, name), 'utf8')
    } catch (cause) {
      throw nothingLeft(cause)
    }
  }

  /**
   * Reads a file that an earlier step has written as JSON. Throws an ActionError (`session-missing`) when it is not there,
   * or when it holds anything but what the schema describes.
   */
  readAs<T>(schema: v.GenericSchema<unknown, T>, name: string): T {
    const text = this.read(name)
    try {
      return v.parse(schema, JSON.parse(text))
    } catch (cause) {
      throw notUnderstood(name, cause)
    }
  }

  /** Writes a file for the tools and returns its path. */
  file(name: string, text: string): string {
    this.write(name, text)
    return join(this.folder, name)
  }

  /** Where a file of the session lies. */
  path(name: string): string {
    return join(this.folder, name)
  }

  get emptyTrustedRoot(): string {
    return join(this.folder, 'trusted-root.json')
  }

  update(change: Partial<SessionState>): void {
    this.current = { ...this.current, ...change }
    this.write(STATE_FILE, JSON.stringify(this.current))
  }

  /** Writes a file that only this user can read. `name` is relative to the folder. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text, { mode: 0o600 })
  }
}

function nothingLeft(cause: unknown): ActionError {
  return new ActionError(
    'session-missing',
    {
      title: 'An earlier step has left nothing behind',
      what: 'The folder in which the steps of this action hand over their results is not there.',
      why: 'An earlier step of the action did not run, or something has emptied RUNNER_TEMP since.',
    },
    { cause },
  )
}

function notUnderstood(name: string, cause: unknown): ActionError {
  return new ActionError(
    'session-missing',
    {
      title: 'An earlier step has left nothing behind',
      what: `The file ${name}, in which an earlier step of this action hands over its results, is not understood.`,
      why: 'Something else has written to RUNNER_TEMP, or the steps are of different versions of the action.',
    },
    { cause },
  )
}

/**
 * Removes a session's folder. Anything that is not such a folder is left alone, whatever the argument says.
 * Returns false when there was nothing to remove.
 */
export function removeSession(folder: string, temporary: string): boolean {
  const isOurs = basename(folder).startsWith(PREFIX) && dirname(folder) === temporary.replace(/[\\/]+$/, '')
  if (!isOurs || !exists(folder)) return false
  rmSync(folder, { recursive: true, force: true })
  return true
}

/** Removes what killed jobs have left in RUNNER_TEMP: sessions whose owner has ended, or unreadable ones of yesterday. */
export function sweepSessions(temporary: string): string[] {
  const candidates = readdirSync(temporary).filter((name) => name.startsWith(PREFIX))
  return candidates
    .map((name) => join(temporary, name))
    .filter((folder) => isAbandoned(folder) && tryToRemove(folder, temporary))
}

/** What root has left there another user cannot remove, which must not keep a new job from starting. */
function tryToRemove(folder: string, temporary: string): boolean {
  try {
    return removeSession(folder, temporary)
  } catch {
    return false
  }
}

function isAbandoned(folder: string): boolean {
  try {
    const { owner, started } = v.parse(state, JSON.parse(readFileSync(join(folder, STATE_FILE), 'utf8')))
    return !isAlive({ pid: owner, started })
  } catch {
    return exists(folder) && Date.now() - statSync(folder).mtimeMs > DAY
  }
}

function exists(folder: string): boolean {
  try {
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}
