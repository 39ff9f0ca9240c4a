/**
 * Writes the tables of inputs and outputs of the README from the action files, and that of the variables which tools get
 * in docs/environment.md from their list; with `--check` it only looks whether
 * they are up to date, and whether the action files declare every name of the contract (scripts/dev/contract.json).
 * The lists of docs/keys.md come from the code that reads keys. The schemas of policies and reports are written, or compared, in the same go.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { contractProblems } from './lib/contract'
import { readDeclarations } from './lib/declarations'
import { replaceKeyLists, replaceTables } from './lib/tables'
import { replaceVariableTable } from './lib/variable-table'

const DOCUMENTS: Readonly<Record<string, (text: string) => string>> = {
  'README.md': (text) => replaceTables(text, declarations),
  'docs/environment.md': replaceVariableTable,
  'docs/keys.md': replaceKeyLists,
}

const isCheck = process.argv.includes('--check')
const declarations = readDeclarations()
const problems = contractProblems(declarations)
for (const [file, replaced] of Object.entries(DOCUMENTS)) {
  const present = readFileSync(file, 'utf8')
  const wanted = replaced(present)
  if (wanted === present) continue
  if (isCheck) problems.push(`${file}: its tables are not those of the sources; run npm run docs`)
  else writeFileSync(file, wanted)
}
for (const problem of problems) console.error(problem)
if (problems.length === 0) console.log('docs: the tables are up to date, and all names of the contract are declared')
process.exitCode = problems.length === 0 ? 0 : 1
// It looks for --check itself, and sets the exit code where its file is out of date.
await import('./schemas')
