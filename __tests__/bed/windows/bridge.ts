/**
 * The Linux side of bridge.exe: runs the program of that name here, and answers with what it prints and how it ends.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, type Socket } from 'node:net'
import { extname } from 'node:path'

/** A call of a program for Windows, with paths as Linux has them. */
export interface BridgedCall {
  /** Without `.exe`, in lower case. */
  readonly name: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

/** What to start here in a program's place. */
export interface Bridged {
  readonly file: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

export interface Bridge {
  readonly port: number
  readonly calls: readonly BridgedCall[]
  /** Ends all programs of a name. */
  endAll(name: string): void
  stop(): Promise<void>
}

/** Starts it on loopback. `start` says what a call becomes; undefined: there is no such program. */
export async function startBridge(
  toLinux: (text: string) => string,
  start: (call: BridgedCall) => Bridged | undefined,
): Promise<Bridge> {
  const calls: BridgedCall[] = []
  const children = new Map<ChildProcess, string>()
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    readRequest(socket, toLinux).then(({ input, ...call }) => {
      calls.push(call)
      const bridged = start(call)
      if (bridged === undefined) return answer(socket, 127)
      const child = spawn(bridged.file, bridged.args, { cwd: call.cwd, env: bridged.env, detached: true })
      children.set(child, call.name)
      // A program that is killed on Windows takes what it has started along.
      socket.once('close', () => endGroup(child))
      child.stdin.on('error', () => undefined)
      child.stdin.end(input)
      child.stdout.on('data', (data: Buffer) => socket.write(frame('1', data)))
      child.stderr.on('data', (data: Buffer) => socket.write(frame('2', data)))
      child.once('error', () => answer(socket, 126))
      child.once('close', (code) => {
        children.delete(child)
        answer(socket, code ?? 137)
      })
    }, socket.destroy.bind(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the bridge has no port')
  return {
    port: address.port,
    calls,
    endAll: (name) => {
      for (const [child, own] of children) if (own === name) endGroup(child)
    },
    stop: async () => {
      for (const child of children.keys()) endGroup(child)
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

function frame(kind: '1' | '2' | 'x', data: Buffer): Buffer {
  const head = Buffer.from([kind.charCodeAt(0), 0, 0, 0, 0])
  head.writeUInt32LE(data.length, 1)
  return Buffer.concat([head, data])
}

function answer(socket: Socket, code: number): void {
  socket.end(frame('x', Buffer.from(String(code))))
}

/** The strings of a request, as they come. */
async function readRequest(
  socket: Socket,
  toLinux: (text: string) => string,
): Promise<BridgedCall & { readonly input: Buffer }> {
  const next = strings(socket)
  const text = async (): Promise<string> => (await next()).toString()
  const list = async (): Promise<string[]> => {
    const count = Number(await text())
    const items: string[] = []
    while (items.length < count) items.push(toLinux(await text()))
    return items
  }
  const program = await text()
  const cwd = toLinux(await text())
  const args = await list()
  const pairs = (await list()).map((line): [string, string] => {
    const at = line.indexOf('=', 1)
    return [line.slice(0, at), line.slice(at + 1)]
  })
  const name = program.slice(0, -extname(program).length).toLowerCase()
  return { name, cwd, args, env: Object.fromEntries(pairs), input: await next() }
}

function strings(socket: Socket): () => Promise<Buffer> {
  let pending = Buffer.alloc(0)
  let wake: (() => void) | undefined
  let isOver = false
  socket.on('data', (data: Buffer) => {
    pending = Buffer.concat([pending, data])
    wake?.()
  })
  socket.once('close', () => {
    isOver = true
    wake?.()
  })
  const length = (): number => (pending.length < 4 ? Number.POSITIVE_INFINITY : 4 + pending.readUInt32LE(0))
  return async () => {
    while (pending.length < length()) {
      if (isOver) throw new Error('the request ended early')
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    const end = length()
    const value = pending.subarray(4, end)
    pending = pending.subarray(end)
    return value
  }
}
