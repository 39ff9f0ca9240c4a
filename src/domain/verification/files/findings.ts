/**
 * From what the reader says of files to what is verified and what fails: every name that parses is an image, and nothing
 * else is let through in silence.
 */
import { ActionError } from '../../errors/action-error'
import { parseReference } from '../../image/reference'
import type { Mention, Place, UnresolvedImage } from '../subject'

/** What the reader says of a file, as far as it is judged here. */
export interface FileReading {
  readonly path: string
  /** `other`: nothing in it could name an image. */
  readonly kind: string
  readonly images: readonly (Place & { readonly name: string })[]
  readonly problems: readonly FileProblem[]
}

export interface FileProblem extends Place {
  readonly text: string
  /** A sentence without its full stop. */
  readonly why: string
  /** `template`: something fills it in later. `invalid`: the tool would refuse it, or tools disagree about it. */
  readonly cause: 'template' | 'invalid'
}

export interface Findings {
  readonly mentions: readonly Mention[]
  readonly unresolved: readonly UnresolvedImage[]
  /** Templates that are let through. */
  readonly allowed: readonly UnresolvedImage[]
}

export interface FindingOptions extends NameOptions {
  readonly areTemplatesAllowed: boolean
}

export interface NameOptions {
  /** What stands on a line; shown where the name itself may hold values of variables. */
  readonly lineOf: (place: Place) => string
  /** Whether a name holds what is nobody's business, such as the value of a variable with a token. */
  readonly isSecret: (name: string) => boolean
}

/** References in all files of a run; nobody writes as many, and each costs time. */
const MAXIMUM_REFERENCES = 50_000
/** Different images of a run: each is asked for at a registry, and one that does not answer takes its time. */
export const MAXIMUM_IMAGES = 2000
/** A template begins with a registry's name: a tool that is given it as it stands pulls from there. */
const HAS_REGISTRY = /^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?|[A-Za-z0-9-]+:\d+|localhost)\//

/**
 * Sorts what the reader has found. Throws an ActionError (`file-refused`) for more references than
 * {@link MAXIMUM_REFERENCES}, or more images than {@link MAXIMUM_IMAGES}.
 */
export function judgeReadings(readings: readonly FileReading[], options: FindingOptions): Findings {
  const mentions = new Map<string, Mention>()
  const open = new Map<string, UnresolvedImage>()
  const keep = <T>(kept: Map<string, T>, id: readonly unknown[], one: T): void => {
    kept.set(JSON.stringify(id), one)
    if (mentions.size + open.size > MAXIMUM_REFERENCES) throw tooMany(`more than ${MAXIMUM_REFERENCES} images`)
  }
  for (const { images, problems } of readings) {
    for (const { name, file, line } of images) {
      const place = { file, line }
      const wrong = refuseName(name, place, options)
      if (wrong === undefined) keep(mentions, [name, file, line], { name, place })
      else keep(open, [wrong], wrong)
    }
    for (const { text, file, line, why, cause } of problems) {
      if (cause === 'template' && HAS_REGISTRY.test(text) && whyNoReference(text) === undefined)
        keep(mentions, [text, file, line], { name: text, place: { file, line } })
      else {
        const one = { kind: cause === 'template' ? 'template' : 'file', text, file, line, why } as const
        keep(open, [one], one)
      }
    }
  }
  const names = new Set([...mentions.values()].map(({ name }) => name))
  if (names.size > MAXIMUM_IMAGES) throw tooMany(`more than ${MAXIMUM_IMAGES} different images`)
  const isAllowed = ({ kind }: UnresolvedImage): boolean => kind === 'template' && options.areTemplatesAllowed
  return {
    mentions: [...mentions.values()],
    unresolved: [...open.values()].filter((one) => !isAllowed(one)),
    allowed: [...open.values()].filter(isAllowed),
  }
}

/** What is wrong with a name that cannot be looked up, or must not be; undefined for one that can. */
export function refuseName(name: string, place: Place, options: NameOptions): UnresolvedImage | undefined {
  const wrong = options.isSecret(name) ? SECRET : whyNoReference(name)
  return wrong === undefined ? undefined : { kind: 'name', ...place, ...shownName(name, wrong, options.lineOf(place)) }
}

const SECRET = 'it would hold the value of a variable that looks like a secret, and a registry would be asked for it'

/** Undefined for what parses as an image reference. */
function whyNoReference(name: string): string | undefined {
  try {
    parseReference(name)
    return undefined
  } catch (error) {
    if (error instanceof ActionError) return error.message.replace(/\.$/, '')
    throw error
  }
}

/** A name that does not stand on its line as it is was filled in from variables, whose values are not shown. */
function shownName(name: string, wrong: string, line: string): { text: string; why: string } {
  if (wrong !== SECRET && name !== '' && line.includes(name)) return { text: name, why: wrong }
  const why = wrong === SECRET ? wrong : 'with its variables filled in it is no image reference'
  return { text: line === '' ? 'an image name' : line, why }
}

function tooMany(what: string): ActionError {
  return new ActionError('file-refused', {
    title: 'The files name too many images',
    what: `The files that the input "files" matches name ${what}.`,
    why: 'Files come from pull requests too, and none may keep the job busy without end.',
    hint: 'Give the files to several steps, each with its own patterns.',
  })
}

/** Names of variables that hold what a registry must not be asked for. */
const CREDENTIAL = /TOKEN|SECRET|PASSW|CREDENTIAL|PRIVATE|(?:API|ACCESS|AUTH)[_-]?KEY|PAT$/i
/** Shorter values occur by chance. */
const SHORTEST = 12

/**
 * Whether a name holds the value of a variable that looks like a secret: files of a pull request may name any variable of
 * the job, and looking the image up would hand its value to a registry of their choice.
 */
export function holdsSecret(name: string, variables: Readonly<Record<string, string>>): boolean {
  return Object.entries(variables).some(([variable, value]) => {
    return CREDENTIAL.test(variable) && value.length >= SHORTEST && name.includes(value)
  })
}
