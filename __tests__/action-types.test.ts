/** The action-types.yml beside each action file, in the form that typesafegithub/github-actions-typing defines. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import * as v from 'valibot'
import { parse } from 'yaml'

const ROOT = resolve(import.meta.dirname, '..')
const plain = v.strictObject({ type: v.picklist(['string', 'boolean', 'integer', 'float']) })
const choice = v.strictObject({
  type: v.literal('enum'),
  'allowed-values': v.pipe(v.array(v.string()), v.minLength(1)),
})
const list = v.strictObject({ type: v.literal('list'), separator: v.string(), 'list-item': plain })
const types = v.record(v.string(), v.union([plain, choice, list]))
const file = v.strictObject({ inputs: types, outputs: types })

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  readonly outputs: Readonly<Record<string, unknown>>
}

const read = (path: string): unknown => parse(readFileSync(join(ROOT, path), 'utf8'))
const sources = readdirSync(join(ROOT, 'src/inputs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => [name, readFileSync(join(ROOT, 'src/inputs', name), 'utf8')] as const)

/** What the code takes for an input: the words of `choice`, in the reader of this action. */
function wordsOf(action: string, input: string): string[] | undefined {
  const own = sources.filter(([name]) => !name.startsWith(action === 'sign' ? 'verify' : 'sign'))
  const found = own.map(([, text]) => new RegExp(`choice\\('${input}', \\[([^\\]]*)\\]`).exec(text)?.[1]).find(Boolean)
  return found?.split(',').map((word) => word.trim().replace(/^'|'$/g, ''))
}

describe.each(['.', 'sign', 'verify'])('%s', (folder) => {
  const action = read(join(folder, 'action.yml')) as Action
  const typed = v.parse(file, read(join(folder, 'action-types.yml')))

  test('has a type for every input and output, and for no other', () => {
    expect(Object.keys(typed.inputs)).toEqual(Object.keys(action.inputs))
    expect(Object.keys(typed.outputs)).toEqual(Object.keys(action.outputs))
  })

  test.each(Object.entries(typed.inputs))('%s is of its type by default', (name, type) => {
    const standard = String(action.inputs[name]?.default ?? '')
    if (type.type === 'boolean') expect(standard).toMatch(/^(true|false)$/)
    else if (type.type === 'integer') expect(standard).toMatch(/^\d+$/)
    else if (type.type === 'enum') expect(type['allowed-values']).toContain(standard)
    else expect(standard).not.toMatch(/^(true|false)$/)
  })

  test.each(Object.entries(typed.inputs))('%s takes the words that the code takes', (name, type) => {
    const words = wordsOf(folder, name)
    expect(type.type === 'enum' ? type['allowed-values'] : undefined).toEqual(words)
  })
})
