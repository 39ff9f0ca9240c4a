/**
 * The worker in which one parser runs: Go's WebAssembly with a file system that ends at the workspace. It is bundled apart,
 * behind Go's own `wasm_exec.js`, which defines `Go`.
 */
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { brotliDecompressSync } from 'node:zlib'
import * as v from 'valibot'
import { parserPath, WorkspaceFs } from './workspace-fs'

interface GoProgram {
  readonly importObject: unknown
  exit: (code: number) => void
  run(instance: unknown): Promise<void>
}
declare const Go: new () => GoProgram

/** Node's types have no more of it than its name. */
interface Engine {
  instantiate(bytes: Uint8Array, imports: unknown): Promise<{ instance: unknown }>
}
const engine: Engine = Reflect.get(globalThis, 'WebAssembly')

const LAST_WORDS = 2000

const { parser, workspace } = v.parse(v.object({ parser: v.string(), workspace: v.string() }), workerData)
const task = v.object({ task: v.string() })
let said = ''

const fs = new WorkspaceFs(workspace, (text) => {
  said = (said + text).slice(0, LAST_WORDS)
})

function post(message: unknown): void {
  parentPort?.postMessage(message)
}

/** Go's own HTTP client would use these; what is read may name addresses, and none is asked. */
const NETWORK = ['fetch', 'WebSocket', 'EventSource']

/** The names that the program looks for, and calls. */
function define(readerTask: { run: (text: string) => void }): void {
  Object.assign(globalThis, {
    fs,
    readerReady: () => {
      readerTask.run = Reflect.get(globalThis, 'readerTask')
      post({ kind: 'ready' })
    },
    readerAnswer: (answer: string) => post({ kind: 'answer', answer, looked: fs.takeLooked() }),
  })
  for (const name of NETWORK) Reflect.deleteProperty(globalThis, name)
  const no = () => -1
  const process = { pid: -1, ppid: -1, umask: no, getuid: no, getgid: no, geteuid: no, getegid: no, getgroups: no }
  Reflect.set(globalThis, 'process', { ...process, cwd: () => parserPath(workspace), chdir: no })
}

const entry: { run: (text: string) => void } = { run: () => undefined }
const bytes = brotliDecompressSync(readFileSync(parser))
define(entry)
parentPort?.on('message', (message: unknown) => entry.run(v.parse(task, message).task))
const program = new Go()
program.exit = () => undefined
const { instance } = await engine.instantiate(bytes, program.importObject)
program.run(instance).then(
  () => post({ kind: 'died', said }),
  (error: unknown) => post({ kind: 'died', said: `${error} ${said}` }),
)
