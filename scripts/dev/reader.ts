/**
 * Compares the bundled parsers with the same parsers built for this machine, and what they see in Dockerfiles with what
 * BuildKit itself asks for, over generated files: `npm run test:reader`, or `-- COUNT [FIRST]` for some of them. The file of
 * a number is always the same.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import * as v from 'valibot'
import { ParserDied, ParserWorker } from '../../src/reader/parser-worker'
import { endWithThisProcess } from './lib/command'
import { NativeParser, nativeProgram } from './lib/differential/parsers'
import { type GeneratedTask, generated } from './lib/differential/tasks'
import { PROGRAMS, type Program } from './lib/reader'
import { clearStatus, duration, showStatus } from './lib/terminal'

const ALL = 200_000
const TASK_TIME = 60_000
const MOST_SHOWN = 20
/** Tasks that are under way at once; the parsers take them one after the other. */
const AT_ONCE = 50
const ORACLE: Program = { name: 'oracle', folder: 'oracle' }

const answer = v.object({
  images: v.array(v.looseObject({ name: v.string() })),
  problems: v.array(v.looseObject({ cause: v.string(), why: v.string() })),
})
const judgement = v.object({ missing: v.array(v.string()), builds: v.boolean() })
type Answer = v.InferOutput<typeof answer>

interface Parsers {
  readonly bundled: ReadonlyMap<string, ParserWorker>
  readonly native: ReadonlyMap<string, NativeParser>
  readonly oracle: NativeParser
}

interface Count {
  compared: number
  built: number
  readonly faults: string[]
}

async function main([count = String(ALL), first = '1']: readonly string[]): Promise<number> {
  if (!/^\d+$/.test(count) || !/^\d+$/.test(first)) throw new Error('words are: COUNT [FIRST]')
  endWithThisProcess()
  const started = performance.now()
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'finch-signing-generated-')))
  const parsers = await start(root)
  try {
    const total = await compareAll(parsers, root, Number(first), Number(count))
    clearStatus()
    for (const fault of total.faults.slice(0, MOST_SHOWN)) console.log(`✗ ${fault}`)
    console.log(
      `${total.compared} answers compared, ${total.built} Dockerfiles that BuildKit takes, ` +
        `${total.faults.length} differences, in ${duration(performance.now() - started)}`,
    )
    return total.faults.length > 0 || total.built === 0 ? 1 : 0
  } finally {
    for (const one of [...parsers.native.values(), parsers.oracle]) one.end()
    await Promise.all([...parsers.bundled.values()].map((one) => one.end()))
    rmSync(root, { recursive: true, force: true })
  }
}

async function start(root: string): Promise<Parsers> {
  const native = new Map<string, NativeParser>()
  for (const program of PROGRAMS) native.set(program.name, new NativeParser(await nativeProgram(program)))
  const folder = resolve('dist', 'reader')
  const bundled = new Map(PROGRAMS.map(({ name }) => [name, new ParserWorker(folder, name, root)]))
  return { bundled, native, oracle: new NativeParser(await nativeProgram(ORACLE)) }
}

async function compareAll(parsers: Parsers, root: string, first: number, count: number): Promise<Count> {
  const total: Count = { compared: 0, built: 0, faults: [] }
  for (let number = first; number < first + count; number += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, first + count - number) }, (_, index) => number + index)
    await Promise.all(numbers.map((one) => compare(parsers, generated(one, root), total)))
    showStatus(`${number - first + numbers.length} of ${count} files, ${total.faults.length} differences`)
  }
  return total
}

async function compare(parsers: Parsers, one: GeneratedTask, total: Count): Promise<void> {
  const seen: Answer[] = []
  for (const program of one.programs) {
    const [native, bundled] = await Promise.all([
      parsers.native.get(program)?.ask(one.task),
      askBundled(parsers.bundled.get(program), one.task),
    ])
    total.compared += 1
    if (canonical(native) !== canonical(bundled)) {
      total.faults.push(`${one.number} (${program}): native ${canonical(native)}, bundled ${canonical(bundled)}`)
    }
    if (native) seen.push(v.parse(answer, JSON.parse(native)))
  }
  if (one.text !== undefined) await judge(parsers.oracle, one, one.text, seen, total)
}

/** What BuildKit takes has to be named, unless the file is said to be open or refused anyway. */
async function judge(
  oracle: NativeParser,
  { number, task }: GeneratedTask,
  text: string,
  seen: readonly Answer[],
  total: Count,
): Promise<void> {
  const names = seen.flatMap(({ images }) => images.map(({ name }) => name))
  const said = await oracle.ask({ text, args: task.args, names })
  if (said === '') {
    total.faults.push(`${number}: BuildKit's conversion died of it`)
    return
  }
  const { missing, builds } = v.parse(judgement, JSON.parse(said))
  if (builds) total.built += 1
  if (missing.length > 0 && seen.every(({ problems }) => problems.length === 0)) {
    total.faults.push(`${number}: BuildKit takes ${missing.join(', ')} of ${JSON.stringify(text)}`)
  }
}

async function askBundled(parser: ParserWorker | undefined, task: unknown): Promise<string> {
  try {
    return (await parser?.ask(task, () => TASK_TIME))?.answer ?? ''
  } catch (error) {
    if (error instanceof ParserDied) return ''
    throw error
  }
}

/** An answer without the order of what was found, which Go leaves to chance, and the words of errors, which systems have of their own. */
function canonical(text: string | undefined): string {
  if (!text) return 'nothing'
  const { images, problems } = v.parse(answer, JSON.parse(text))
  const sorted = (items: readonly unknown[]): string[] => items.map((item) => JSON.stringify(item)).sort()
  return JSON.stringify([sorted(images), sorted(problems.map(({ why: _, ...rest }) => rest))])
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`test:reader: ${error instanceof Error ? error.message : String(error)}`)
  return 1
})
