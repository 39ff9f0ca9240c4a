import type { ToolContext } from '../process/tool-context'
import type { FinchHost } from './finch-host'

export interface FinchContext extends ToolContext {
  readonly host: FinchHost
  readonly needsSudo: boolean
  /** Path of the authorities, where Finch would not find all of them by itself; it reads `certs.d`. */
  readonly authorities?: string | undefined
}
