import type { Persistence } from './persistent'
import type { Run } from './process'
import type { Secrets } from './secrets'

/** What the calls of Finch and those of cosign have in common. */
export interface ToolContext {
  readonly path: string
  readonly run: Run
  readonly persistence: Persistence
  readonly secrets: Secrets
  readonly jobEnvironment: NodeJS.ProcessEnv
  /** Folder with the step's own Docker configuration. */
  readonly dockerConfig: string
  /** cosign's cache folder for the trust root, inside of the session. */
  readonly tufRoot: string
  /** Milliseconds for each call. */
  readonly timeLimit: number
  readonly onLine: (line: string) => void
}
