import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A fenced block of a document. */
export interface CodeBlock {
  /** `docs/keys.md:12`: file and line of the fence. */
  readonly place: string
  readonly language: string
  readonly text: string
}

/** Every document for readers, relative to the root. */
export function documents(): string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => path.posix.join(folder, name))
  return [...inFolder('.'), ...inFolder('docs'), ...inFolder('examples')]
}

/** The text of a file of the repository. */
export function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

/** The fenced blocks of all documents. */
export function codeBlocks(): CodeBlock[] {
  return documents().flatMap((file) => blocksOf(file, read(file)))
}

function blocksOf(file: string, text: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  let open: { line: number; language: string; lines: string[] } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line)
    if (fence === null) open?.lines.push(line)
    else if (open === undefined) open = { line: index + 1, language: fence[1] ?? '', lines: [] }
    else {
      blocks.push({ place: `${file}:${open.line}`, language: open.language, text: `${open.lines.join('\n')}\n` })
      open = undefined
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.line}: the block does not end`)
  return blocks
}

/** The names under which GitHub makes a document's headings reachable. */
export function anchors(text: string): Set<string> {
  const headings = text.split('\n').flatMap((line) => /^#{1,6} (.*)$/.exec(line)?.[1] ?? [])
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  )
}
