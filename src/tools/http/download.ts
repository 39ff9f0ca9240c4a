/**
 * Downloads: small answers into memory, packages onto the disk, hashed while they are written.
 */
import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { ActionError } from '../../domain/errors/action-error'
import type { Progress } from '../../domain/releases/package-source'
import { lastingFault, refusal } from './refusals'
import { type Attempts, retry, TransientError } from './retry'
import { asFault, discard, type Web, type WebAnswer } from './web'

export interface Downloaded {
  /** Hexadecimal digits. */
  readonly sha256: string
  readonly bytes: number
}

export interface SmallAnswer {
  readonly body: Buffer
  readonly headers: WebAnswer['headers']
}

const SMALL_LIMIT = 16 * 1024 * 1024

/** Downloads, and tries again what may pass. `undefined` means that the server has no such thing (404). */
export class Downloader {
  constructor(
    private readonly web: Web,
    private readonly attempts: Attempts,
  ) {}

  /** An answer of a few megabytes at most. */
  async small(address: string, accept = '*/*'): Promise<SmallAnswer | undefined> {
    return this.retried(address, async () => {
      const answer = await this.web.get(address, { accept })
      if (answer.status !== 200) return nothing(address, answer)
      const chunks: Buffer[] = []
      let length = 0
      for await (const chunk of chunksOf(address, answer)) {
        length += chunk.length
        if (length > SMALL_LIMIT) throw new Error(`the answer is larger than ${SMALL_LIMIT} bytes`)
        chunks.push(chunk)
      }
      return { body: Buffer.concat(chunks), headers: answer.headers }
    })
  }

  /** Into a new file; one that fails is left to the caller to remove. */
  async toFile(address: string, path: string, progress: Progress): Promise<Downloaded | undefined> {
    const file = await open(path, 'wx').catch((cause: unknown) => Promise.reject(diskError(path, cause)))
    const transfer = new Transfer(address, file, path, progress)
    try {
      return await this.retried(address, async (progressed) => {
        const answer = await this.web.get(address, transfer.headers())
        if (![200, 206, 416].includes(answer.status)) return nothing(address, answer)
        return transfer.take(answer, progressed)
      })
    } finally {
      await file.close()
    }
  }

  private async retried<T>(address: string, work: (progressed: () => void) => Promise<T>): Promise<T> {
    const { cancelled } = this.attempts
    try {
      return await retry(this.attempts, work)
    } catch (error) {
      if (cancelled.aborted) throw cancelledError(address)
      if (error instanceof ActionError) throw error
      throw error instanceof TransientError ? lastingFault(address, error) : unusable(address, error)
    }
  }
}

/** A file on its way, over as many connections as it takes. */
class Transfer {
  private hash: Hash = createHash('sha256')
  private written = 0
  /** The most that any attempt has got. */
  private best = 0
  /** What tells the server that the file is still the same one. */
  private validator: string | undefined

  constructor(
    private readonly address: string,
    private readonly file: FileHandle,
    private readonly path: string,
    private readonly progress: Progress,
  ) {}

  headers(): Record<string, string> {
    const whole = { accept: 'application/octet-stream', 'accept-encoding': 'identity' }
    if (this.written === 0 || this.validator === undefined) return whole
    return { ...whole, range: `bytes=${this.written}-`, 'if-range': this.validator }
  }

  async take(answer: WebAnswer, progressed: () => void): Promise<Downloaded> {
    if (answer.status !== 206 || !this.continuesHere(answer)) await this.restart()
    if (answer.status !== 200 && this.written === 0) {
      discard(answer)
      throw new TransientError(`${new URL(this.address).host} gave another part of the file than was asked for`)
    }
    this.validator = validatorOf(answer.headers)
    const length = Number(answer.headers['content-length'] ?? Number.NaN)
    const total = Number.isNaN(length) ? undefined : this.written + length
    for await (const chunk of chunksOf(this.address, answer)) {
      await this.write(chunk)
      this.progress.at(this.written, total)
      if (this.written > this.best) progressed()
      this.best = Math.max(this.best, this.written)
    }
    if (total !== undefined && this.written !== total) {
      throw new TransientError(`the connection ended after ${this.written} of ${total} bytes`)
    }
    this.progress.done(this.written)
    return { sha256: this.hash.digest('hex'), bytes: this.written }
  }

  private continuesHere({ headers }: WebAnswer): boolean {
    const [, from] = /^bytes (\d+)-/.exec(headers['content-range'] ?? '') ?? []
    return this.written > 0 && Number(from) === this.written
  }

  private async restart(): Promise<void> {
    await this.file.truncate(0)
    this.written = 0
    this.hash = createHash('sha256')
  }

  private async write(chunk: Buffer): Promise<void> {
    this.hash.update(chunk)
    let from = 0
    try {
      while (from < chunk.length) {
        const { bytesWritten } = await this.file.write(chunk, from, chunk.length - from, this.written + from)
        from += bytesWritten
      }
    } catch (cause) {
      throw diskError(this.path, cause)
    }
    this.written += chunk.length
  }
}

/** Only a strong validator says that bytes are the same. */
function validatorOf(headers: WebAnswer['headers']): string | undefined {
  const { etag } = headers
  return etag !== undefined && !etag.startsWith('W/') ? etag : undefined
}

function nothing(address: string, answer: WebAnswer): undefined {
  discard(answer)
  if (answer.status === 404) return undefined
  throw refusal(address, answer)
}

/** The chunks of a body; a connection that breaks is a fault that may pass. */
async function* chunksOf(address: string, answer: WebAnswer): AsyncGenerator<Buffer> {
  const chunks = answer.body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  try {
    for (;;) {
      const next = await chunks.next().catch((cause: unknown) => {
        throw asFault(new URL(address).host, cause)
      })
      if (next.done === true) return
      yield next.value
    }
  } finally {
    discard(answer)
  }
}

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT'])

/** The error of a file that cannot be written. */
export function diskError(path: string, cause: unknown): unknown {
  const { code = '' } = cause as NodeJS.ErrnoException
  if (!DISK_FULL.has(code)) return cause
  return new ActionError(
    'disk-full',
    {
      title: 'The disk is full',
      what: `There is no room left for ${path}.`,
      why: 'Finch and cosign need about 600 MB: the packages, a copy in the tool cache, and what is unpacked.',
      hint: 'Free space on the runner before this step.',
    },
    { cause },
  )
}

function unusable(address: string, cause: unknown): ActionError {
  const what = `${new URL(address).host} did not give ${new URL(address).pathname}.`
  const hint = 'The cause says what stands between. With a mirror, check the input "download-url".'
  return new ActionError('download-failed', { title: 'A download failed', what, hint }, { cause })
}

function cancelledError(address: string): ActionError {
  const what = `The job was cancelled during a download from ${new URL(address).host}.`
  return new ActionError('step-cancelled', { title: 'Cancelled', what })
}
