/** What the readers of others overlook: each case names EVIL for the tool that uses the file, and shows SIGNED to a hasty reader. */
export const SIGNED = 'ghcr.io/team/signed:1'
export const EVIL = 'evil.example.com/app:1'
/** EVIL as base64, for YAML's tag `!!binary`. */
export const BINARY_EVIL = Buffer.from(EVIL).toString('base64')

/** Files by their paths below a folder of the case; the first is the one that is read. */
export type Case = Readonly<Record<string, string>>
export type Cases = Readonly<Record<string, Case>>

export function dockerfile(text: string): Case {
  return { Dockerfile: text }
}

export function pod(container: string): Case {
  return {
    'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n${container}`,
  }
}

export function compose(text: string, more: Case = {}): Case {
  return { 'compose.yaml': text, ...more }
}

export function workflow(job: string): Case {
  return { '.github/workflows/ci.yml': `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n${job}` }
}
