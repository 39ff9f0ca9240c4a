import { ActionError } from '../../domain/errors/action-error'
import type { Session } from '../../tools/files/session'

/** The path of a tool that the step "Install tools" has found. */
export function openTool(session: Session, name: 'finch' | 'cosign'): string {
  const { tools } = session.state
  if (tools === undefined) throw new ActionError('session-missing', noTools)
  return tools[name].path
}

const noTools = {
  title: 'An earlier step has left nothing behind',
  what: 'The step "Install tools" has not said where Finch and cosign are.',
  hint: 'Run the whole action; its steps cannot be run alone.',
}
