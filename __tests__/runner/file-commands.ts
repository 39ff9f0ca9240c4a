import { chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { limits, type Report } from './report'
import type { RunnerUser, Strings } from './types'

/** The files through which one step talks to the runner. */
export interface CommandFiles {
  output: string
  env: string
  path: string
  state: string
  summary: string
}

/** What a step has written into its files. */
export interface FileCommands {
  outputs: Strings
  env: Strings
  path: string[]
  /** A file could not be read: the step has failed. */
  failed: boolean
}

const fileNames: Record<keyof CommandFiles, string> = {
  output: 'set_output',
  env: 'set_env',
  path: 'add_path',
  state: 'save_state',
  summary: 'step_summary',
}

/** Makes the empty files of a step. */
export async function createCommandFiles(temp: string, id: string, user?: RunnerUser): Promise<CommandFiles> {
  const folder = path.join(temp, '_runner_file_commands')
  const isNew = (await mkdir(folder, { recursive: true })) !== undefined
  if (isNew && user !== undefined) await chown(folder, user.uid, user.gid)
  const files = { output: '', env: '', path: '', state: '', summary: '' }
  for (const kind of Object.keys(fileNames) as (keyof CommandFiles)[]) {
    files[kind] = path.join(folder, `${fileNames[kind]}_${id}`)
    await writeFile(files[kind], '')
    if (user !== undefined) await chown(files[kind], user.uid, user.gid)
  }
  return files
}

/** The variables that tell a step where its files are. */
export function commandFileEnv(files: CommandFiles): Strings {
  return {
    GITHUB_OUTPUT: files.output,
    GITHUB_ENV: files.env,
    GITHUB_PATH: files.path,
    GITHUB_STATE: files.state,
    GITHUB_STEP_SUMMARY: files.summary,
  }
}

/** Reads a step's files and removes them; bad ones become errors of the report. */
export async function takeCommandFiles(files: CommandFiles, report: Report): Promise<FileCommands> {
  const result: FileCommands = { outputs: {}, env: {}, path: [], failed: false }
  const take = async (kind: keyof CommandFiles, use: (content: string) => void): Promise<void> => {
    try {
      use(await readFile(files[kind], 'utf8').catch(emptyIfMissing))
    } catch (error) {
      result.failed = true
      report.error(`Unable to process file command '${kind}' successfully.`)
      report.error(error instanceof Error ? error.message : String(error))
    }
  }
  await take('output', (content) => Object.assign(result.outputs, parsePairs(content)))
  await take('env', (content) => Object.assign(result.env, allowedEnv(parsePairs(content), report)))
  await take('path', (content) => result.path.push(...content.split(/\r?\n/).filter((line) => line !== '')))
  await take('state', (content) => void parsePairs(content))
  await takeSummary(files.summary, report)
  for (const file of Object.values(files)) await rm(file, { force: true })
  return result
}

function emptyIfMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return ''
  throw error
}

function allowedEnv(pairs: Strings, report: Report): Strings {
  const blocked = Object.keys(pairs).filter((name) => name.toUpperCase() === 'NODE_OPTIONS')
  for (const name of blocked) report.error(`Can't store ${name} output parameter using '$GITHUB_ENV' command.`)
  return Object.fromEntries(Object.entries(pairs).filter(([name]) => !blocked.includes(name)))
}

async function takeSummary(file: string, report: Report): Promise<void> {
  const size = await stat(file).then(
    (info) => info.size,
    () => 0,
  )
  if (size > limits.summaryBytes) {
    const [most, got] = [limits.summaryBytes / 1024, Math.floor(size / 1024)]
    report.error(`$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${most}k, got ${got}k.`)
  } else if (size > 0) {
    report.addSummary(await readFile(file, 'utf8'))
  }
}

/** Reads `NAME=value` lines and `NAME<<DELIMITER` blocks; a later value of a name wins. */
export function parsePairs(content: string): Strings {
  const lines = content.split('\n')
  const pairs: Strings = {}
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue
    const equals = line.indexOf('=')
    const block = line.indexOf('<<')
    if (block >= 0 && (equals < 0 || block < equals)) {
      const [name, delimiter] = [line.slice(0, block), line.slice(block + 2)]
      if (name === '' || delimiter === '') {
        throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`)
      }
      pairs[name] = takeBlock(lines, delimiter)
    } else if (equals >= 0) {
      if (equals === 0) throw new Error(`Invalid format '${line}'. Name must not be empty`)
      pairs[line.slice(0, equals)] = line.slice(equals + 1)
    } else {
      throw new Error(`Invalid format '${line}'`)
    }
  }
  return pairs
}

function takeBlock(lines: string[], delimiter: string): string {
  const end = lines.indexOf(delimiter)
  if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`)
  return lines
    .splice(0, end + 1)
    .slice(0, -1)
    .join('\n')
}
