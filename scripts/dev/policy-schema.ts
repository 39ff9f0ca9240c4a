/** Writes docs/policy.schema.json from the schema that the action itself checks policies with; `--check` only compares. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { toJsonSchema } from '@valibot/to-json-schema'
import { policySchema } from '../../src/domain/verification/policy/policy-file'

const FILE = new URL('../../docs/policy.schema.json', import.meta.url)

const schema = toJsonSchema(policySchema, { typeMode: 'input', errorMode: 'ignore' })
const text = `${JSON.stringify({ title: 'Policy of the verify action', ...schema }, null, 2)}\n`

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text)
} else if (!existsSync(FILE) || !isSameJson(readFileSync(FILE, 'utf8'), text)) {
  console.error('docs/policy.schema.json is out of date: run npm run docs')
  process.exitCode = 1
}

/** The formatter lays the file out in its own way. */
function isSameJson(one: string, other: string): boolean {
  return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other))
}
