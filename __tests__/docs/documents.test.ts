import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ERROR_CODES } from '../../src/domain/errors/action-error'
import { anchors, documents, read, root } from './documents'

describe('documents', () => {
  it.each(documents())('%s links to what is there', (file) => {
    const links = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '')
    const broken = links.filter((link) => !/^https?:/.test(link) && !leadsSomewhere(file, link))
    expect(broken).toEqual([])
  })

  it('that the sources refer to exist', () => {
    const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    const texts = sources.filter((name) => name.endsWith('.ts')).map((name) => read(path.join('src', name)))
    const named = texts.flatMap((text) => text.match(/docs\/[a-z-]+\.md/g) ?? [])
    expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([])
  })
})

describe('docs/troubleshooting.md', () => {
  const entries = [...read('docs/troubleshooting.md').matchAll(/^### `([a-z-]+)`$/gm)].map(([, code]) => code)

  it('has an entry for every code', () => {
    expect(ERROR_CODES.filter((code) => !entries.includes(code))).toEqual([])
  })

  it('has one entry for each code', () => {
    expect(entries.filter((code, position) => entries.indexOf(code) !== position)).toEqual([])
  })

  it('has no entry for a code that is no more', () => {
    expect(entries.filter((code) => !ERROR_CODES.some((known) => known === code))).toEqual([])
  })
})

function leadsSomewhere(file: string, link: string): boolean {
  const [target = '', anchor] = link.split('#')
  const at = target === '' ? file : path.join(path.dirname(file), target)
  if (!existsSync(path.join(root, at))) return false
  return anchor === undefined || anchors(read(at)).has(anchor)
}
