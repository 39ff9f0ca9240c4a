/** The parsers of reader/, each as it is bundled and built for this machine. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { cached } from '../../../../__tests__/bed/build/cache'
import { goBuild, inputsDigest, type Program } from '../reader'

/** A program that answers lines with lines, in their order. */
export class NativeParser {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>
  private readonly waiting: ((line: string) => void)[] = []

  constructor(file: string) {
    this.child = spawn(file, { stdio: ['pipe', 'pipe', 'ignore'], env: {} })
    createInterface({ input: this.child.stdout }).on('line', (line) => this.waiting.shift()?.(line))
    // A program that ends leaves nobody waiting: an empty line is no answer.
    this.child.on('close', () => {
      for (const settle of this.waiting.splice(0)) settle('')
    })
  }

  /** The answer to a task; empty where the program died. */
  ask(task: unknown): Promise<string> {
    return new Promise((resolve) => {
      this.waiting.push(resolve)
      if (this.child.exitCode !== null) resolve('')
      else this.child.stdin.write(`${JSON.stringify(task)}\n`)
    })
  }

  end(): void {
    this.child.kill('SIGKILL')
  }
}

/** The file of a program of reader/ for this machine, built once for the same sources. */
export async function nativeProgram(program: Program): Promise<string> {
  const folder = await cached(`reader-native-${program.name}-${inputsDigest(program)}`, (aside) =>
    goBuild(program, join(aside, 'program'), ['-trimpath', '-buildvcs=false', '-ldflags=-s -w'], {}),
  )
  return join(folder, 'program')
}
