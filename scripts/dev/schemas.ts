/** Writes the schemas in docs/ from those that the actions themselves check with; `--check` only compares. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'
import { policySchema } from '../../src/domain/verification/policy/policy-file'
import { report } from '../../src/report/audit/schema'

const SCHEMAS: Readonly<Record<string, readonly [title: string, schema: GenericSchema]>> = {
  'policy.schema.json': ['Policy of the verify action', policySchema],
  'report.schema.json': ['Report of the sign and verify actions (output report-path)', report],
}

for (const [name, [title, source]] of Object.entries(SCHEMAS)) {
  const file = new URL(`../../docs/${name}`, import.meta.url)
  const schema = toJsonSchema(source, { typeMode: 'input', errorMode: 'ignore' })
  const text = `${JSON.stringify({ title, ...schema }, null, 2)}\n`
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text)
  } else if (!existsSync(file) || !isSameJson(readFileSync(file, 'utf8'), text)) {
    console.error(`docs/${name} is out of date: run npm run docs`)
    process.exitCode = 1
  }
}

/** The formatter lays the file out in its own way. */
function isSameJson(one: string, other: string): boolean {
  return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other))
}
