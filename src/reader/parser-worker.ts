/** One parser in its worker: tasks one after the other, each with a time limit; a worker that dies is started again. */
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import * as v from 'valibot'

const looked = v.object({ read: v.array(v.string()), outside: v.array(v.string()), tooLarge: v.array(v.string()) })
const message = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('answer'), answer: v.string(), looked }),
  v.object({ kind: v.literal('died'), said: v.string() }),
])
type Message = v.InferOutput<typeof message>

export interface ParserAnswer {
  /** JSON of reader/host. */
  readonly answer: string
  readonly looked: v.InferOutput<typeof looked>
}

/** The parser gave no answer to a task: it died, or had to be ended. The message is a clause for the user. */
export class ParserDied extends Error {}

/** Heap of the worker's own JavaScript in MB; the memory of WebAssembly is limited in the module. */
const HEAP = 256
/** A parser that dies again and again is not started for ever. */
const MOST_STARTS = 20

export class ParserWorker {
  private worker: Worker | undefined
  private starts = 0
  private settle: ((message: Message | Error) => void) | undefined
  private queue: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly folder: string,
    private readonly program: string,
    private readonly workspace: string,
  ) {}

  /**
   * The answer to a task (JSON), after those that were asked before. Rejects with {@link ParserDied} when there is none
   * within `timeLimit` milliseconds, of which the start of the parser is no part; it is asked for when the turn has come.
   */
  ask(task: unknown, timeLimit: () => number): Promise<ParserAnswer> {
    const answer = this.queue.then(() => this.run(JSON.stringify(task), timeLimit))
    this.queue = answer.catch(() => undefined)
    return answer
  }

  /** Ends the worker, whatever it does. */
  async end(): Promise<void> {
    this.starts = MOST_STARTS
    await this.stop(new ParserDied('it was cancelled'))
  }

  private async run(task: string, timeLimit: () => number): Promise<ParserAnswer> {
    const worker = this.worker ?? (await this.start())
    const limit = timeLimit()
    const timer = setTimeout(() => {
      this.stop(new ParserDied(`it takes longer than ${limit / 1000} s to read`))
    }, limit)
    try {
      const answered = this.next()
      worker.postMessage({ task })
      const answer = await answered
      if (answer.kind === 'answer') return answer
      throw await this.stop(new ParserDied(`the parser of the tool died of it${lastWords(answer)}`))
    } finally {
      clearTimeout(timer)
    }
  }

  private async start(): Promise<Worker> {
    if (this.starts >= MOST_STARTS) throw new ParserDied('the parser died too often to be started again')
    this.starts += 1
    const worker = new Worker(join(this.folder, 'worker.js'), {
      workerData: { parser: join(this.folder, `${this.program}.wasm.br`), workspace: this.workspace },
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
      env: {},
      execArgv: [],
    })
    this.worker = worker
    worker.on('message', (received: unknown) => this.settle?.(v.parse(message, received)))
    worker.on('error', (error) => {
      if (this.worker === worker) this.worker = undefined
      this.settle?.(new ParserDied(`the parser of the tool died of it: ${error.message}`))
    })
    const first = await this.next()
    if (first.kind === 'ready') return worker
    throw await this.stop(new ParserDied('the parser cannot be started'))
  }

  private next(): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.settle = (received) => {
        this.settle = undefined
        if (received instanceof Error) reject(received)
        else resolve(received)
      }
    })
  }

  private async stop(reason: ParserDied): Promise<ParserDied> {
    const { worker } = this
    this.worker = undefined
    this.settle?.(reason)
    await worker?.terminate()
    return reason
  }
}

function lastWords(answer: Message): string {
  if (answer.kind !== 'died') return ''
  const line = answer.said.split('\n').find((one) => one.trim() !== '')
  return line === undefined ? '' : `: ${line.slice(0, 200)}`
}
