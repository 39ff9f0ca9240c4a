/**
 * What names mean in a Dockerfile: build arguments before the first FROM with their defaults, and the stages so far.
 */
import { MAXIMUM_TEXT } from './found'
import { expand, type Lookup } from './variables'

/** Set by BuildKit for the platform that is built; which one, the file does not say. */
const PLATFORM_ARGUMENT = /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT|OSVERSION|STAGE)$/
const PLATFORM_MARK = '\u0000'
const MAXIMUM_ARGUMENTS = 10_000

export type Base =
  | { readonly is: 'image'; readonly name: string }
  /** A stage of this file, or `scratch`. */
  | { readonly is: 'none' }
  | { readonly is: 'unknown'; readonly why: string; readonly cause: 'template' | 'invalid' }

/** Fed with the ARG and FROM instructions in their order. */
export class DockerfileStages {
  private readonly defaults = new Map<string, string | undefined>()
  private readonly names = new Set<string>()
  private count = 0

  constructor(private readonly escapeSign: string) {}

  /** The text of an ARG. Those inside a stage are out of scope for every FROM. */
  addArguments(text: string): void {
    if (this.count > 0) return
    for (const { name, value } of assignments(text, this.escapeSign)) {
      if (this.defaults.size >= MAXIMUM_ARGUMENTS) return
      const expanded = value === undefined ? undefined : expand(value, this.lookup, this.dialect)
      this.defaults.set(name, expanded !== undefined && 'text' in expanded ? expanded.text : undefined)
    }
  }

  /** A FROM has been read; from now on its name, in any case, and its number are a stage. */
  addStage(name: string | undefined): void {
    this.count++
    if (name !== undefined) this.names.add(name.toLowerCase())
  }

  /** True for the name of a stage and for its number. */
  isStage(text: string): boolean {
    return this.names.has(text.toLowerCase()) || /^\d+$/.test(text)
  }

  /** What the text after FROM means. */
  resolve(text: string): Base {
    const expanded = expand(text, this.lookup, this.dialect)
    if ('why' in expanded) {
      return { is: 'unknown', why: expanded.why, cause: expanded.cause === 'missing' ? 'template' : 'invalid' }
    }
    const name = expanded.text
    if (name === 'scratch' || this.names.has(name.toLowerCase())) return { is: 'none' }
    if (!name.includes(PLATFORM_MARK)) return { is: 'image', name }
    if (this.someStageFits(name)) return { is: 'none' }
    return { is: 'unknown', why: 'it depends on the platform that is built', cause: 'template' }
  }

  private readonly lookup: Lookup = (name) => {
    const value = this.defaults.get(name)
    if (value !== undefined) return { value }
    if (PLATFORM_ARGUMENT.test(name)) return { value: PLATFORM_MARK }
    if (this.defaults.has(name)) return { missing: `the build argument ${name} has no default` }
    return { missing: `no ARG ${name} stands before the first FROM` }
  }

  private get dialect(): { doubledDollar: false; escape: string } {
    return { doubledDollar: false, escape: this.escapeSign }
  }

  /** `FROM base-$TARGETARCH` after `AS base-amd64`: the usual way to choose a stage by platform. */
  private someStageFits(pattern: string): boolean {
    const [head = '', ...rest] = pattern.toLowerCase().split(PLATFORM_MARK)
    const tail = rest.at(-1) ?? ''
    for (const name of this.names) {
      if (name.length > head.length + tail.length && name.startsWith(head) && name.endsWith(tail)) return true
    }
    return false
  }
}

/** `A=1 B="x y" C`: names and values, quotes and escapes still in them. */
function assignments(text: string, escapeSign: string): { name: string; value: string | undefined }[] {
  return quotedWords(text, escapeSign).map((word) => {
    const equals = word.indexOf('=')
    return equals < 0
      ? { name: word, value: undefined }
      : { name: word.slice(0, equals), value: word.slice(equals + 1, equals + 1 + MAXIMUM_TEXT + 1) }
  })
}

function quotedWords(text: string, escapeSign: string): string[] {
  const words: string[] = []
  let begin = -1
  let quote = ''
  for (let index = 0; index <= text.length; index++) {
    const character = text.charAt(index)
    if (character === '' || (quote === '' && /\s/.test(character))) {
      if (begin >= 0) words.push(text.slice(begin, index))
      begin = -1
      continue
    }
    if (begin < 0) begin = index
    if (character === escapeSign && quote !== "'") index++
    else if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) quote = character
  }
  return words
}
