import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { ExpressionData } from '@actions/expressions/data/expressiondata'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'
import { truthy } from '@actions/expressions/result'

/** The values that `success()` and its kin are decided by. */
export interface Status {
  /** Status of the composite so far: `success()` and `failure()` of its steps read this, not the job's. */
  action: 'success' | 'failure' | 'cancelled'
  /** Whether the job has been cancelled. */
  cancelled: boolean
}

/** Everything an expression can look at. */
export interface Scope {
  contexts: Record<string, unknown>
  status: Status
}

/** Evaluates the inside of `${{ … }}`. */
export function evaluate(expression: string, scope: Scope): ExpressionData {
  const functions = statusFunctions(scope.status)
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(scope.contexts), functions).parse()
  return new Evaluator(tree, toDictionary(scope.contexts), new Map(functions.map((f) => [f.name, f]))).evaluate()
}

/** Whether an `if:` holds. The parser has already added the implicit `success() &&`. */
export function holds(expression: string, scope: Scope): boolean {
  return truthy(evaluate(expression, scope))
}

/** Replaces each `${{ … }}` of a text by its value as a string. */
export function interpolate(template: string, scope: Scope): string {
  let result = ''
  let rest = template
  for (let start = rest.indexOf('${{'); start >= 0; start = rest.indexOf('${{')) {
    const end = endOfExpression(rest, start + 3)
    result += rest.slice(0, start) + evaluate(rest.slice(start + 3, end), scope).coerceString()
    rest = rest.slice(end + 2)
  }
  return result + rest
}

/** Position of the `}}` that closes an expression; braces in its string literals do not count. */
function endOfExpression(text: string, from: number): number {
  let quoted = false
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted
    else if (!quoted && text.startsWith('}}', at)) return at
  }
  throw new Error(`The expression is not closed: ${text.slice(from - 3)}`)
}

function statusFunctions(status: Status): FunctionDefinition[] {
  const noArguments = (name: string, value: () => boolean): FunctionDefinition => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value()),
  })
  return [
    noArguments('success', () => status.action === 'success'),
    noArguments('failure', () => status.action === 'failure'),
    noArguments('cancelled', () => status.cancelled),
    noArguments('always', () => true),
    { name: 'hashfiles', minArgs: 1, maxArgs: 255, call: refuseHashFiles },
  ]
}

function refuseHashFiles(): never {
  throw new Error('hashFiles() is not part of this runner')
}

function toDictionary(contexts: Record<string, unknown>): data.Dictionary {
  const value = toData(contexts)
  if (!(value instanceof data.Dictionary)) throw new TypeError('contexts must be an object')
  return value
}

function toData(value: unknown): ExpressionData {
  if (value === null || value === undefined) return new data.Null()
  if (typeof value === 'string') return new data.StringData(value)
  if (typeof value === 'number') return new data.NumberData(value)
  if (typeof value === 'boolean') return new data.BooleanData(value)
  if (Array.isArray(value)) return new data.Array(...value.map(toData))
  return new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: toData(item) })))
}
