/**
 * The images that a Dockerfile names: `FROM`, `COPY --from=`, `RUN --mount=from=`, the same behind `ONBUILD`, and
 * `# syntax=`. Build arguments count with their defaults, since nobody but the build knows others.
 */
import { flagValue, flagValues, mountField, splitFlags, wordsOf } from './dockerfile-flags'
import { type Instruction, readDockerfileText } from './dockerfile-lines'
import { DockerfileStages } from './dockerfile-stages'
import { Findings, type ImageUse, isTemplate, type Position, refuseLongText } from './found'

/** Characters. Nobody writes a Dockerfile of 1 MB. */
export const MAXIMUM_DOCKERFILE_SIZE = 1024 * 1024
/** All that BuildKit knows; any other word makes it refuse the file. */
const KEYWORDS = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
)
const NO_VARIABLES = 'BuildKit fills in no variables here; name a stage with FROM … AS instead'

/** Reads a Dockerfile or Containerfile. Throws an ActionError (`file-refused`) when it is beyond all measure. */
export function imagesOfDockerfile(file: string, text: string): Findings {
  refuseLongText(file, text, MAXIMUM_DOCKERFILE_SIZE)
  const findings = new Findings(file)
  const { escapeSign, syntax, instructions, unclosed } = readDockerfileText(text)
  if (syntax !== undefined) findings.image(syntax.name, syntax.at, 'dockerfile-syntax')
  const stages = new DockerfileStages(escapeSign)
  const later: (() => void)[] = []
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') readFrom(instruction, stages, findings)
    else if (instruction.keyword === 'ARG') stages.addArguments(instruction.text)
    else later.push(() => readOther(instruction, stages, findings))
  }
  // BuildKit looks for the source of a COPY among all stages, the later ones too: they are known only now.
  for (const read of later) read()
  if (unclosed !== undefined) findings.open('<<', { line: unclosed }, 'its here-document is never closed', 'invalid')
  findings.images.sort((a, b) => a.line - b.line || a.column - b.column)
  findings.unresolved.sort((a, b) => a.line - b.line)
  return findings
}

/** `FROM [--platform=…] image [AS name]` */
function readFrom({ text, at, locate }: Instruction, stages: DockerfileStages, findings: Findings): void {
  const { rest, restOffset } = splitFlags(text)
  const [image, as, name, ...more] = wordsOf(rest)
  if (image === undefined) {
    findings.open('FROM', at, 'FROM names no image', 'invalid')
    return
  }
  const place = locate(restOffset + image.offset)
  const isComplete = as === undefined || (as.text.toUpperCase() === 'AS' && name !== undefined && more.length === 0)
  if (!isComplete && !isTemplate(rest)) findings.open(rest, place, 'after the image belongs AS and one name', 'invalid')
  const base = stages.resolve(image.text)
  if (base.is === 'image') findings.image(base.name, place, 'dockerfile-from')
  if (base.is === 'unknown') findings.open(image.text, place, base.why, base.cause)
  stages.addStage(name?.text)
}

/** Every instruction but FROM and ARG. */
function readOther(instruction: Instruction, stages: DockerfileStages, findings: Findings): void {
  const { keyword, text, at } = instruction
  if (keyword === 'COPY') {
    readCopy(instruction, stages, findings)
    return
  }
  if (keyword === 'RUN') {
    readRun(instruction, stages, findings)
    return
  }
  if (keyword === 'ONBUILD') {
    readOnbuild(instruction, stages, findings)
    return
  }
  if (KEYWORDS.has(keyword)) return
  const line = `${keyword} ${text}`
  if (isTemplate(line) || keyword.startsWith('{')) {
    findings.open(line, at, 'it is a template that may name images', 'template')
    return
  }
  findings.open(line, at, `${keyword.slice(0, 40)} is no instruction of a Dockerfile`, 'invalid')
}

function readCopy({ text, locate }: Instruction, stages: DockerfileStages, findings: Findings): void {
  const from = flagValue(splitFlags(text).flags, 'from')
  if (from !== undefined) readSource(from.text, locate(from.offset), 'dockerfile-copy', stages, findings)
}

function readRun({ text, locate }: Instruction, stages: DockerfileStages, findings: Findings): void {
  for (const mount of flagValues(splitFlags(text).flags, 'mount')) {
    const from = mountField(mount.text, 'from')
    if (from !== undefined) readSource(from, locate(mount.offset), 'dockerfile-mount', stages, findings)
  }
}

function readOnbuild(instruction: Instruction, stages: DockerfileStages, findings: Findings): void {
  const [keyword] = wordsOf(instruction.text)
  if (keyword === undefined) return
  const begin = keyword.offset + keyword.text.length
  const space = /^[\t\v\f\r ]*/.exec(instruction.text.slice(begin))?.[0].length ?? 0
  const trigger = {
    keyword: keyword.text.toUpperCase(),
    text: instruction.text.slice(begin + space),
    at: instruction.at,
    locate: (offset: number) => instruction.locate(begin + space + offset),
  }
  // BuildKit allows neither of them there; going into them would only repeat the walk.
  if (trigger.keyword !== 'ONBUILD' && trigger.keyword !== 'FROM') readOther(trigger, stages, findings)
}

/** The source of a COPY or of a mount: a stage by name or number, else an image. */
function readSource(text: string, at: Position, kind: ImageUse, stages: DockerfileStages, findings: Findings): void {
  if (text.includes('$')) {
    findings.open(text, at, NO_VARIABLES, 'invalid')
    return
  }
  if (text !== '' && text !== 'scratch' && !stages.isStage(text)) findings.image(text, at, kind)
}
