/** Whoever looks for an error looks for its text: every title that the code can give stands in docs/troubleshooting.md. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'
import { read, root } from './documents'

const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)

/** Titles as they stand in the sources; what a template puts in is an ellipsis. */
function titlesIn(file: string): string[] {
  const source = ts.createSourceFile(file, read(path.join('src', file)), ts.ScriptTarget.ES2022, true)
  const found: string[] = []
  const look = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText(source) === 'title') found.push(...texts(node.initializer))
    node.forEachChild(look)
  }
  look(source)
  return found
}

function texts(node: ts.Expression): string[] {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text]
  if (ts.isTemplateExpression(node))
    return [[node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…')]
  if (ts.isConditionalExpression(node)) return [...texts(node.whenTrue), ...texts(node.whenFalse)]
  return []
}

const plain = (text: string): string => text.replace(/\s+/g, ' ')
/** Titles that differ only in the input's name share an entry. */
const general = (title: string): string => title.replace(/^Input "[a-z0-9-]+"/, 'Input "…"')
const SHARED = ['Input "…" is missing', 'Input "…" is not valid']

describe('docs/troubleshooting.md', () => {
  const document = plain(read('docs/troubleshooting.md'))
  const titles = [
    ...new Set(files.flatMap(titlesIn).map((title) => (SHARED.includes(general(title)) ? general(title) : title))),
  ]
    .filter((title) => /[a-z]{3}/.test(title.replace('more', '')))
    .sort()

  test('is looked through for many titles', () => expect(titles.length).toBeGreaterThan(80))

  test.each(titles)('has an entry for: %s', (title) => {
    const words = plain(title).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    expect(document).toMatch(new RegExp(words.replaceAll('…', '[^*]{1,24}')))
  })
})
