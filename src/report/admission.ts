/**
 * Which verifiers can read the signatures of images: whether a cluster, a host or another tool will take them.
 */
import { readersOf, type SignatureForm, VERIFIERS } from '../domain/verification/verifiers'
import { code, count, details, table } from './markdown'

/** An image, and the forms of those of its signatures that count. */
export interface SignedForms {
  /** `repository@digest`, or as it was asked for. */
  readonly name: string
  readonly forms: readonly SignatureForm[]
}

/** Rows that a reader still takes in. */
const ROW_LIMIT = 200
/** Names in a sentence. */
const NAME_LIMIT = 3

/** A line about those that will refuse images, and the whole table folded; nothing where there is no signed image. */
export function admission(images: readonly SignedForms[]): string[] {
  const signed = images.filter(({ forms }) => forms.length > 0)
  if (signed.length === 0) return []
  const shown = signed.slice(0, ROW_LIMIT)
  const rows = shown.map(({ name, forms }) => {
    const { can } = readersOf(forms)
    return [code(name), ...VERIFIERS.map((one) => (can.includes(one) ? '✅' : '❌'))]
  })
  const head = ['Image', ...VERIFIERS.map(({ name, version }) => `${name} (${version})`)]
  const left = signed.length - shown.length
  const more = left > 0 ? `\n\n… and ${count(left, 'more image')}.` : ''
  const body = `${table(head, rows)}${more}\n\n${settings(signed)}`
  return [...refusals(signed), details('Will the cluster take it? Who can read the signatures', body)]
}

function refusals(images: readonly SignedForms[]): string[] {
  const unread = VERIFIERS.flatMap((verifier) => {
    const names = images.filter(({ forms }) => !readersOf(forms).can.includes(verifier)).map(({ name }) => name)
    return names.length === 0 ? [] : [{ verifier, names }]
  })
  const [first] = unread
  if (first === undefined) return []
  const who = unread.map(({ verifier }) => verifier.name).join(', ')
  const names = [...new Set(unread.flatMap((one) => one.names))]
  const some = names.slice(0, NAME_LIMIT).map(code).join(', ')
  const which = names.length === images.length ? '' : ` of ${some}${names.length > NAME_LIMIT ? ', …' : ''}`
  const one = images.length === 1 ? 'the signature' : 'the signatures'
  return [`⚠️ ${who} cannot read ${one}${which}. With a key, \`signature-format: both\` is read by all of them.`]
}

/** What has to be set, for every form that is there. */
function settings(images: readonly SignedForms[]): string {
  const forms = new Map(images.flatMap((image) => image.forms.map((form) => [describeForm(form), form])))
  const rows = [...forms].flatMap(([described, form]) =>
    VERIFIERS.map((verifier) => [described, verifier.name, verifier.setting(form) ?? 'not read']),
  )
  return table(['Signature', 'Verifier', 'What it needs'], rows)
}

function describeForm({ format, by, isLogged, isSha384 }: SignatureForm): string {
  const signer = by === 'identity' ? 'an identity' : `a key${isSha384 ? ' (P-384)' : ''}`
  return `${format === 'bundle' ? 'bundle' : 'older form'} by ${signer}, ${isLogged ? 'in a log' : 'in no log'}`
}
