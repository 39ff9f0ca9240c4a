import type { Annotation, Workflow } from '../../src/report/workflow'

export interface RecordedWorkflow extends Workflow {
  readonly lines: string[]
  readonly notices: Annotation[]
  readonly warnings: Annotation[]
  readonly errors: Annotation[]
  readonly masks: string[]
  readonly outputs: Map<string, string>
  readonly summaries: string[]
  readonly artifacts: string[]
  readonly paths: string[]
}

/** A workflow that keeps all that it is told. */
export function recordedWorkflow(): RecordedWorkflow {
  const lines: string[] = []
  const notices: Annotation[] = []
  const warnings: Annotation[] = []
  const errors: Annotation[] = []
  const masks: string[] = []
  const outputs = new Map<string, string>()
  const summaries: string[] = []
  const artifacts: string[] = []
  const paths: string[] = []
  return {
    lines,
    notices,
    warnings,
    errors,
    masks,
    outputs,
    summaries,
    artifacts,
    paths,
    info: (line) => void lines.push(line),
    toolLine: (line) => void lines.push(line),
    debug: () => undefined,
    notice: (annotation) => void notices.push(annotation),
    warning: (annotation) => void warnings.push(annotation),
    error: (annotation) => void errors.push(annotation),
    mask: (secret) => void masks.push(secret),
    setOutput: (name, value) => void outputs.set(name, value),
    addPath: (path) => void paths.push(path),
    addSummary: async (markdown) => void summaries.push(markdown),
    group: (title, work) => {
      lines.push(title)
      return work()
    },
    declareArtifacts: (images) => void artifacts.push(...images.map((one) => `${one.repository}@${one.digest}`)),
  }
}
