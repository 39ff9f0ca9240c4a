/**
 * The inputs `attestations` and `provenance` of sign.
 */
import * as v from 'valibot'
import { type PredicateType, readPredicateType, TYPE_NAMES } from '../../domain/attestations/predicate-type'
import type { ActionError } from '../../domain/errors/action-error'
import { inputInvalid } from '../../domain/errors/input-errors'
import type { InputReader } from '../reader'
import { describeEntry, parseYamlInput, word } from '../yaml-list'

const INPUT = 'attestations'
/** Attestations of one run; each is a call of cosign for each image, signer and form. */
const LIMIT = 50

/** A predicate that is to be attested, by its file. */
export interface GivenAttestation {
  /** The service of the compose file whose image it is about; undefined without a compose file. */
  readonly service: string | undefined
  readonly type: PredicateType
  /** Relative to the workspace. */
  readonly path: string
}

const entry = v.strictObject({ service: v.optional(word), type: word, predicate: word })

/**
 * Reads the input `attestations`: a YAML list of type and predicate, with a compose file of service, too.
 * Throws an ActionError (`input-invalid`) that names entry and field.
 */
export function readAttestations(inputs: InputReader): GivenAttestation[] {
  const text = inputs.raw('attestations')
  if (text.trim() === '') return []
  const list = parse(text)
  if (!Array.isArray(list)) throw invalid('it is not a list')
  if (list.length > LIMIT) throw invalid(`it has more than ${LIMIT} entries`)
  const hasCompose = inputs.text('compose-file') !== ''
  return list.map((item, index) => toAttestation(item, `entry ${index + 1}`, hasCompose))
}

function toAttestation(item: unknown, where: string, hasCompose: boolean): GivenAttestation {
  const result = v.safeParse(entry, item)
  if (!result.success) throw invalid(`${where} ${describeEntry(result.issues[0])}`)
  const { service, type: name, predicate: path } = result.output
  if (hasCompose && service === undefined) {
    throw invalid(`${where} names no "service", and with "compose-file" each attestation is about the image of one`)
  }
  if (!hasCompose && service !== undefined) throw invalid(`${where} names a "service", and there is no "compose-file"`)
  const type = readPredicateType(name)
  if (type === undefined) {
    throw invalid(
      `${where} has the type "${name.slice(0, 80)}", which is neither a URI nor one of ${TYPE_NAMES.join(', ')}`,
    )
  }
  return { service, type, path }
}

function parse(text: string): unknown {
  try {
    return parseYamlInput(INPUT, text, LIMIT)
  } catch (cause) {
    throw invalid('it is not YAML', cause)
  }
}

function invalid(why: string, cause?: unknown): ActionError {
  return inputInvalid(
    INPUT,
    {
      what: `The input "${INPUT}" cannot be used: ${why}.`,
      hint: 'Write a YAML list:\n- type: spdxjson\n  predicate: sbom.spdx.json',
    },
    { cause },
  )
}
