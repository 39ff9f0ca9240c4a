/**
 * Writes the tables of inputs and outputs of the README from the action files; with `--check` it only looks whether
 * they are up to date, and whether the action files declare every name of the contract (scripts/dev/contract.json).
 * The lists of docs/keys.md come from the code that reads keys. The schema of policies is written, or compared, in the same go.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { contractProblems } from './lib/contract'
import { readDeclarations } from './lib/declarations'
import { replaceKeyLists, replaceTables } from './lib/tables'

const README = 'README.md'
const KEYS = 'docs/keys.md'

const isCheck = process.argv.includes('--check')
const declarations = readDeclarations()
const present = readFileSync(README, 'utf8')
const wanted = replaceTables(present, declarations)
const problems = contractProblems(declarations)
if (isCheck && wanted !== present)
  problems.push(`${README}: its tables are not those of the action files; run npm run docs`)
if (!isCheck && wanted !== present) writeFileSync(README, wanted)
const presentKeys = readFileSync(KEYS, 'utf8')
const wantedKeys = replaceKeyLists(presentKeys)
if (isCheck && wantedKeys !== presentKeys)
  problems.push(`${KEYS}: its lists are not those of the code; run npm run docs`)
if (!isCheck && wantedKeys !== presentKeys) writeFileSync(KEYS, wantedKeys)
for (const problem of problems) console.error(problem)
if (problems.length === 0) console.log('docs: the tables are up to date, and all names of the contract are declared')
process.exitCode = problems.length === 0 ? 0 : 1
// It looks for --check itself, and sets the exit code where its file is out of date.
await import('./policy-schema')
