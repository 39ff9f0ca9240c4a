import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'
import { ERROR_CODES } from '../src/domain/errors/action-error'

const ROOT = resolve(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')
const FILE_LINES = 250
const FUNCTION_LINES = 45

/** Which rooms each room may look into besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  inputs: ['domain'],
  tools: ['domain'],
  install: ['domain'],
  report: ['domain'],
  reader: ['domain'],
  commands: ['domain', 'inputs', 'tools', 'install', 'report', 'reader'],
  main: ['commands', 'report'],
}

/** Where the environment may be read: one place each, and why. */
const ENVIRONMENT_READERS = new Map([
  ['main.ts', 'hands it to the step'],
  ['commands/step.ts', 'puts the step together'],
  ['tools/files/package-cache.ts', 'tells @actions/tool-cache where the cache is, where the runner does not'],
  ['tools/http/proxy.ts', 'whether a proxy is set, which undici itself reads from there'],
])

/** Codes that nothing raises yet, with the reason why they are kept. */
const RESERVED = new Map<string, string>([
  ['compose-invalid', 'compose files are a later issue'],
  ['internal', 'the name in the documentation for errors that are no ActionError'],
])

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll('\\', '/'))
  .sort()
const sources = new Map(files.map((name) => [name, readFileSync(join(SRC, name), 'utf8')]))
const parsed = new Map(
  files.map((name) => [name, ts.createSourceFile(name, sources.get(name) ?? '', ts.ScriptTarget.ES2022, true)]),
)

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node)
  node.forEachChild((child) => visit(child, look))
}

/** Paths that a file imports, also those of import(), relative ones resolved to a path in src. */
function importsOf(name: string): string[] {
  const found: string[] = []
  visit(parsed.get(name) as ts.SourceFile, (node) => {
    const target = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined
    const dynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
    const specifier = dynamic ? (node as ts.CallExpression).arguments[0] : target
    if (specifier === undefined) return
    if (!ts.isStringLiteral(specifier)) throw new Error(`${name}: an import whose target is no plain text`)
    const { text } = specifier
    found.push(text.startsWith('.') ? relative(SRC, resolve(SRC, name, '..', text)).replaceAll('\\', '/') : text)
  })
  return found
}

const roomOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : path.replace(/\.ts$/, ''))

describe('the rooms', () => {
  test('are these', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(ALLOWED).sort())
  })

  test.each(files)('%s looks only where it may', (name) => {
    const room = roomOf(name)
    const inside = importsOf(name).filter(
      (target) => !target.startsWith('..') && (target.includes('/') || target === 'main'),
    )
    const ours = inside.filter((target) => files.includes(`${target}.ts`))
    const wrong = ours.filter((target) => roomOf(target) !== room && !ALLOWED[room]?.includes(roomOf(target)))
    expect(wrong).toEqual([])
    expect(importsOf(name).filter((target) => target.startsWith('..'))).toEqual([])
  })

  test('domain does no input or output', () => {
    const doing = /^node:(fs|child_process|net|http|https|tls|os|process|worker_threads)|^(undici|@actions)/
    const wrong = files.filter(
      (name) => roomOf(name) === 'domain' && importsOf(name).some((target) => doing.test(target)),
    )
    expect(wrong).toEqual([])
  })
})

describe('the size', () => {
  test.each(files)('of %s and of its functions is small', (name) => {
    const source = parsed.get(name) as ts.SourceFile
    expect((sources.get(name) ?? '').split('\n').length - 1).toBeLessThan(FILE_LINES)
    const long: string[] = []
    visit(source, (node) => {
      if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return
      const [first, last] = [node.getStart(source), node.getEnd()].map(
        (at) => source.getLineAndCharacterOfPosition(at).line,
      )
      const lines = (last ?? 0) - (first ?? 0) + 1
      if (lines >= FUNCTION_LINES) long.push(`${node.getText(source).slice(0, 60)}: ${lines} lines`)
    })
    expect(long).toEqual([])
  })
})

test('the environment is read in few places', () => {
  const readers = files.filter((name) =>
    /\bprocess\s*\.\s*env\b|\bprocess\s*\[|import .*\benv\b.* from 'node:process'/.test(sources.get(name) ?? ''),
  )
  expect(readers.filter((name) => !ENVIRONMENT_READERS.has(name))).toEqual([])
})

test('each code of an error is raised somewhere, or reserved', () => {
  const raised = new Set<string>()
  for (const [name, source] of parsed) {
    if (name === 'domain/errors/action-error.ts') continue
    visit(source, (node) => {
      if (ts.isStringLiteral(node)) raised.add(node.text)
    })
  }
  expect(ERROR_CODES.filter((code) => !raised.has(code) && !RESERVED.has(code))).toEqual([])
  expect([...RESERVED.keys()].filter((code) => !ERROR_CODES.some((known) => known === code))).toEqual([])
})
