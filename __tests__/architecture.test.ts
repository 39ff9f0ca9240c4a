import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'
import { ERROR_CODES } from '../src/domain/errors/action-error'

const ROOT = resolve(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')
const FILE_LINES = 300
/** Files of one folder. */
const FOLDER_FILES = 14
/** A file with one importer belongs into that one when it is shorter than this. */
const SMALL_LINES = 25
const FUNCTION_LINES = 45

/** Which layers each layer may look into besides itself. */
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

/** Folders that hold more files, with the reason. */
const LARGE_FOLDERS = new Map([
  ['domain/keys', 'one file for each form of a key'],
  ['domain/verification/policy', 'one file for each form of a policy, read and written'],
])

/** Small files with one importer, with the reason why they stand alone. */
const SMALL_FILES = new Map([
  ['commands/install/cosign-alone.ts', 'loaded only by a gate that pulls nothing'],
  ['commands/verify/rules/policy-export.ts', 'loaded only where a policy is exported'],
  ['domain/calls/news.ts', 'pure, and tested by itself'],
  ['domain/calls/turns.ts', 'shared with the tests, whose world takes the same turns'],
  ['domain/releases/certificate-subject.ts', 'pure, and tested by itself; its importer runs on Windows'],
  ['domain/verification/policy/host.ts', 'a rule that pattern and documents name'],
  ['domain/verification/policy/export.ts', 'both exports in one call'],
  ['inputs/event.ts', 'the border of the event file'],
  ['inputs/lines.ts', 'how inputs of several lines are read, tested by itself'],
  ['inputs/sign/promotion.ts', 'a rule of its own with an error of its own'],
  ['install/packages/activate.ts', 'the choice by the kind of package'],
  ['reader/charts.ts', 'what is rendered, apart from what is read'],
  ['report/verify/file-counts.ts', 'a line of the summary with words of its own'],
  ['report/verify/policy-export.ts', 'what is reported lies in report'],
  ['report/verify/retiring-notice.ts', 'what is reported lies in report'],
  ['report/verify/verify-outputs.ts', 'what is reported lies in report'],
  ['tools/files/file-digest.ts', 'a file of tools, tested by itself'],
  ['tools/files/own-folder.ts', 'a file of tools, tested by itself'],
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

/** Paths that a file imports, relative ones resolved to a path in src; those of import() too, unless `lazy` is false. */
function importsOf(name: string, lazy = true): string[] {
  const found: string[] = []
  visit(parsed.get(name) as ts.SourceFile, (node) => {
    const target = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined
    const dynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
    const specifier = dynamic ? (node as ts.CallExpression).arguments[0] : target
    if (specifier === undefined || (dynamic && !lazy)) return
    if (!ts.isStringLiteral(specifier)) throw new Error(`${name}: an import whose target is no plain text`)
    const { text } = specifier
    found.push(text.startsWith('.') ? relative(SRC, resolve(SRC, name, '..', text)).replaceAll('\\', '/') : text)
  })
  return found
}

const layerOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : path.replace(/\.ts$/, ''))

describe('the layers', () => {
  test('are these', () => {
    expect([...new Set(files.map(layerOf))].sort()).toEqual(Object.keys(ALLOWED).sort())
  })

  test.each(files)('%s looks only where it may', (name) => {
    const layer = layerOf(name)
    const inside = importsOf(name).filter(
      (target) => !target.startsWith('..') && (target.includes('/') || target === 'main'),
    )
    const ours = inside.filter((target) => files.includes(`${target}.ts`))
    const wrong = ours.filter((target) => layerOf(target) !== layer && !ALLOWED[layer]?.includes(layerOf(target)))
    expect(wrong).toEqual([])
    expect(importsOf(name).filter((target) => target.startsWith('..'))).toEqual([])
  })

  test('domain does no input or output', () => {
    const doing = /^node:(fs|child_process|net|http|https|tls|os|process|worker_threads)|^(undici|@actions)/
    const wrong = files.filter(
      (name) => layerOf(name) === 'domain' && importsOf(name).some((target) => doing.test(target)),
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

/** The files that each file can be reached from and reaches, itself included where it is in a cycle. */
function cycles(): string[][] {
  const targets = new Map(files.map((name) => [name, importsOf(name, false).map((target) => `${target}.ts`)]))
  const reached = (start: string): Set<string> => {
    const seen = new Set<string>()
    const open = [start]
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      for (const target of targets.get(name) ?? []) {
        if (!targets.has(target) || seen.has(target)) continue
        seen.add(target)
        open.push(target)
      }
    }
    return seen
  }
  const reach = new Map(files.map((name) => [name, reached(name)]))
  const groups = files.map((name) =>
    files.filter((other) => reach.get(name)?.has(other) && reach.get(other)?.has(name)),
  )
  return [...new Set(groups.filter((group) => group.length > 0).map((group) => JSON.stringify(group)))].map(
    (group) => JSON.parse(group) as string[],
  )
}

describe('the shape', () => {
  test('no files import each other, not even types', () => {
    expect(cycles()).toEqual([])
  })

  test('no folder is a long list', () => {
    const counts = new Map<string, number>()
    for (const name of files) {
      const folder = name.split('/').slice(0, -1).join('/')
      counts.set(folder, (counts.get(folder) ?? 0) + 1)
    }
    const long = [...counts].filter(([folder, count]) => count > FOLDER_FILES && !LARGE_FOLDERS.has(folder))
    expect(long).toEqual([])
  })

  test('no small file is a piece of its only importer', () => {
    const importers = new Map<string, number>()
    for (const name of files)
      for (const target of new Set(importsOf(name)))
        importers.set(`${target}.ts`, (importers.get(`${target}.ts`) ?? 0) + 1)
    const small = files.filter((name) => (sources.get(name) ?? '').split('\n').length - 1 < SMALL_LINES)
    expect(small.filter((name) => importers.get(name) === 1 && !SMALL_FILES.has(name))).toEqual([])
    expect([...SMALL_FILES.keys()].filter((name) => !small.includes(name))).toEqual([])
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
