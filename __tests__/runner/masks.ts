/** Hides registered values, as the runner's secret masker does. */
export interface Masker {
  /** Registers a value, each of its lines, and their usual encodings. */
  add: (value: string) => void
  mask: (text: string) => string
  /** The registered values themselves, without lines and encodings. */
  values: () => string[]
}

const encodings: ((value: string) => string)[] = [
  (value) => value,
  (value) => shiftedBase64(value, 0),
  (value) => shiftedBase64(value, 1),
  (value) => shiftedBase64(value, 2),
  (value) => JSON.stringify(value).slice(1, -1),
  (value) => value.replaceAll('"', '\\"'),
  (value) => value.replaceAll("'", "''"),
  (value) => encodeURIComponent(value).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
  xmlEscaped,
  (value) => (/^".{7,}"$/s.test(value) ? value.slice(1, -1) : value),
]

/** A masker that knows the given values. */
export function createMasker(secrets: string[] = []): Masker {
  const given = new Set<string>()
  const needles = new Set<string>()
  const add = (value: string): void => {
    if (value.trim() === '') return
    given.add(value)
    for (const part of [value, ...value.split(/[\r\n]+/)]) {
      if (part.trim() === '') continue
      for (const encode of encodings) needles.add(encode(part))
    }
  }
  for (const secret of secrets) add(secret)
  return { add, mask: (text) => replaceRanges(text, findRanges(text, needles)), values: () => [...given] }
}

function shiftedBase64(value: string, shift: number): string {
  const bytes = Buffer.from(value, 'utf8')
  return (bytes.length > shift ? bytes.subarray(shift) : bytes).toString('base64')
}

function xmlEscaped(value: string): string {
  const names: Record<string, string> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '&': '&amp;' }
  return value.replace(/[<>"'&]/g, (c) => names[c] ?? c)
}

type Range = [start: number, end: number]

function findRanges(text: string, needles: Iterable<string>): Range[] {
  const found: Range[] = []
  for (const needle of needles) {
    if (needle === '') continue
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
      found.push([at, at + needle.length])
    }
  }
  return mergeRanges(found)
}

function mergeRanges(ranges: Range[]): Range[] {
  const merged: Range[] = []
  for (const range of ranges.sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last !== undefined && range[0] <= last[1]) last[1] = Math.max(last[1], range[1])
    else merged.push([range[0], range[1]])
  }
  return merged
}

function replaceRanges(text: string, ranges: Range[]): string {
  let result = ''
  let from = 0
  for (const [start, end] of ranges) {
    result += `${text.slice(from, start)}***`
    from = end
  }
  return result + text.slice(from)
}
