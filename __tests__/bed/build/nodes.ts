/** The Nodes that runners bring, from npm. */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { arch } from 'node:os'
import { join } from 'node:path'
import { run } from '../process'
import { cached } from './cache'

/** Path of a Node of this exact version for this machine. */
export async function prepareNode(version: string): Promise<string> {
  const name = `node-linux-${arch()}`
  const folder = await cached(`${name}-${version}`, async (aside) => {
    await run('npm', ['pack', '--silent', `${name}@${version}`], { cwd: aside, timeoutMs: 5 * 60_000 })
    const archive = join(aside, `${name}-${version}.tgz`)
    await run('tar', ['-xzf', archive, '-C', aside, '--strip-components=2', 'package/bin/node'])
    await rm(archive)
  })
  return join(folder, 'node')
}

/** A folder for the front of PATH whose `node` is this one, and writes a line into `record` at each start. */
export async function nodeFolder(folder: string, node: string, record: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'node')
  await writeFile(path, `#!/bin/sh\necho "$*" >>'${record}'\nexec '${node}' "$@"\n`)
  await chmod(path, 0o755)
  return folder
}
