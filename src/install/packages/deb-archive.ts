/**
 * Opens a deb without installing it. A deb is an ar archive whose member `data.tar…` holds the files. Own code for the ar
 * format, which is sixty bytes in front of each member, since not every distribution has dpkg or ar; tar is everywhere.
 */
import { closeSync, createReadStream, createWriteStream, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as zlib from 'node:zlib'
import { lastWords, type ProcessResult } from '../../domain/calls/process-result'
import { ActionError } from '../../domain/errors/action-error'

import type { ActivationPorts } from '../machine/ports'

const MAGIC = '!<arch>\n'
const HEADER = 60
const TIME_LIMIT = 120_000

export interface Member {
  readonly name: string
  readonly offset: number
  readonly size: number
}

/** The members of an ar archive. Throws an Error when it is none or is cut. */
export function readArchive(path: string): Member[] {
  const file = openSync(path, 'r')
  try {
    const read = (offset: number, length: number): string => {
      const bytes = Buffer.alloc(length)
      return bytes.subarray(0, readSync(file, bytes, 0, length, offset)).toString('latin1')
    }
    if (read(0, MAGIC.length) !== MAGIC) throw new Error('it does not begin as an ar archive does')
    const members: Member[] = []
    for (let offset = MAGIC.length; ; ) {
      const header = read(offset, HEADER)
      if (header === '') return members
      const size = Number(header.slice(48, 58).trim())
      const isWhole = header.length === HEADER && header.endsWith('`\n') && Number.isSafeInteger(size) && size >= 0
      if (!isWhole) throw new Error(`it has no member at byte ${offset}`)
      members.push({ name: header.slice(0, 16).trim().replace(/\/$/, ''), offset: offset + HEADER, size })
      offset += HEADER + size + (size % 2)
    }
  } finally {
    closeSync(file)
  }
}

/**
 * Unpacks the wanted parts of a deb below a folder.
 * @param wanted folders and files in the archive, such as `usr/bin/finch`
 */
export async function unpackDeb(
  deb: string,
  folder: string,
  wanted: readonly string[],
  ports: ActivationPorts,
): Promise<void> {
  const tar = await dataArchive(deb, folder, ports)
  const listed = await ports.run({ label: 'tar -t', file: 'tar', args: ['-tf', tar], timeLimit: TIME_LIMIT })
  if (listed.exitCode !== 0) throw broken(deb, listed)
  const names = listed.stdout.split('\n').filter(Boolean)
  const strange = names.find(
    (name) => name.startsWith('/') || name.split('/').includes('..') || !/^[\x20-\x5b\x5d-\x7e]+$/.test(name),
  )
  if (strange !== undefined) throw unsafe(deb, strange)
  const members = names.filter((name) => wanted.some((part) => isBelow(name, part)) && !name.endsWith('/'))
  if (members.length === 0) throw new ActionError('package-refused', nothingInIt(deb))
  const args = ['-xof', tar, '-C', folder, '-T', '-']
  const unpacked = await ports.run({
    label: 'tar -x',
    file: 'tar',
    args,
    input: `${members.join('\n')}\n`,
    timeLimit: TIME_LIMIT,
  })
  if (unpacked.exitCode !== 0) throw broken(deb, unpacked)
}

function isBelow(name: string, part: string): boolean {
  const plain = name.replace(/^\.\//, '')
  return plain === part || plain.startsWith(`${part}/`)
}

/** The member with the files, unpacked where Node can do it; tar calls xz or zstd by itself for the others. */
async function dataArchive(deb: string, folder: string, ports: ActivationPorts): Promise<string> {
  let data: Member | undefined
  try {
    data = readArchive(deb).find(({ name }) => name.startsWith('data.tar'))
  } catch (cause) {
    throw broken(deb, cause)
  }
  if (data === undefined) throw new ActionError('package-refused', nothingInIt(deb))
  const plain = join(folder, 'data.tar')
  const unpack = decompressor(data.name)
  if (unpack === undefined && (await throughDpkg(deb, plain, ports))) return plain
  const path = unpack === undefined ? join(folder, data.name) : plain
  const range = { start: data.offset, end: data.offset + data.size - 1 }
  try {
    await pipeline([createReadStream(deb, range), ...(unpack === undefined ? [] : [unpack]), createWriteStream(path)])
  } catch (cause) {
    throw broken(deb, cause)
  }
  return path
}

function decompressor(name: string): NodeJS.ReadWriteStream | undefined {
  if (name.endsWith('.gz')) return zlib.createGunzip({ chunkSize: 1024 * 1024 })
  // Node 22.15 and later.
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => NodeJS.ReadWriteStream }
  return name.endsWith('.zst') ? createZstdDecompress?.() : undefined
}

/** dpkg-deb brings all its decompressors with it, where tar would need programs that may be absent. */
async function throughDpkg(deb: string, plain: string, ports: ActivationPorts): Promise<boolean> {
  try {
    const script = 'dpkg-deb --fsys-tarfile "$0" >"$1"'
    const args = ['-c', script, deb, plain]
    const { exitCode } = await ports.run({ label: 'dpkg-deb', file: 'sh', args, timeLimit: TIME_LIMIT })
    return exitCode === 0
  } catch (error) {
    if (error instanceof ActionError && error.code === 'tool-not-runnable') return false
    throw error
  }
}

function broken(deb: string, cause: unknown): ActionError {
  const said = cause instanceof Error ? cause : lastWords(cause as ProcessResult)
  const needs = /(zstd|xz|unzstd|unxz)\b.*(not found|cannot exec|No such file)/i.exec(said.message)?.[1]
  return new ActionError(
    'install-failed',
    {
      title: 'The package cannot be unpacked',
      what: `${deb} cannot be unpacked on this runner.`,
      hint:
        needs === undefined
          ? 'Is the disk full? The cause is what was printed last.'
          : `Install the package that brings ${needs}.`,
    },
    { cause: said },
  )
}

function unsafe(deb: string, name: string): ActionError {
  return new ActionError('package-refused', {
    title: 'The package is refused',
    what: `${deb} holds ${JSON.stringify(name)}, which would leave the folder that it is unpacked in.`,
    hint: 'Do not install it. Please report where it came from.',
  })
}

function nothingInIt(deb: string) {
  return {
    title: 'The package is refused',
    what: `${deb} does not hold the files of Finch.`,
    hint: 'Check the inputs "finch-version" and "download-url".',
  }
}
