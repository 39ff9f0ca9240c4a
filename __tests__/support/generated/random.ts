// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of other languages

/** Numbers that look random and come out the same for the same seed. */
export class Random {
  /** What is made is meant to be taken by the tool. */
  isCalm = false

  constructor(private state: number) {}

  /** From 0 to 1, without 1 (the generator mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  chance(part: number): boolean {
    return this.next() < part
  }

  of<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0]
  }

  /** Between `least` and `most` things. */
  some<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make)
  }
}

/** Signs that parsers take for different things: ends of lines, blanks, marks, quotes, comments. */
const HOSTILE: [string, ...string[]] = [
  ' ',
  ...[
    '\r',
    '\n',
    '\r\r\n',
    '\u0085',
    '\u2028',
    '\u2029',
    '\u00a0',
    '\ufeff',
    '\v',
    '\f',
    '\t',
    '  ',
    '\\',
    '\\\\',
    '`',
  ],
  ...[
    '"',
    "'",
    '#',
    ' #',
    ':',
    ': ',
    '- ',
    '$',
    '$$',
    '${',
    '}',
    '{{',
    '}}',
    '<<EOF',
    '<<-X',
    '|',
    '>',
    '&a ',
    '*a',
    '!!str ',
  ],
  ...['<<: *a', '---\n', '...\n', '%YAML 1.1\n', '\u00e0', '\u0000', '=', '@', ',', '[', ']', '{', '?', '~'],
]

/** A text with, now and then, a hostile sign put in, a line said twice, moved or left out. */
export function damaged(random: Random, text: string): string {
  let made = text
  while (random.chance(random.isCalm ? 0.15 : 0.45)) {
    const at = random.below(made.length + 1)
    const lines = made.split('\n')
    const line = random.below(lines.length)
    const act = random.below(6)
    if (act < 3) made = made.slice(0, at) + random.of(HOSTILE) + made.slice(at)
    else if (act === 3) made = made.slice(0, at) + made.slice(at + 1 + random.below(3))
    else if (act === 4) made = [...lines.slice(0, line), lines[line] ?? '', ...lines.slice(line)].join('\n')
    else made = [...lines.slice(line), ...lines.slice(0, line)].join('\n')
  }
  return made
}

const NAMES: [string, ...string[]] = [
  'app',
  'ghcr.io/team/app',
  'evil.example/app',
  'localhost:5000/a/b',
  'busybox',
  'scratch',
  'base',
  'Build',
  '0',
]

/** The name of an image, or what is near to one. */
export function image(random: Random): string {
  if (random.isCalm)
    return `${random.of(['app', 'ghcr.io/team/app', 'evil.example/app'])}:${random.of(['1', '2', 'x-y_z'])}`
  const name = random.of(NAMES)
  if (random.chance(0.1)) return `${name}@sha256:${random.of(['a', 'b']).repeat(64)}`
  return random.chance(0.7) ? `${name}:${random.of(['1', 'latest', '$V', '${V:-2}', 'x-y_z'])}` : name
}
