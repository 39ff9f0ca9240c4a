/** Takes the log of an action that a test has run, for the case that the test fails; see environment.ts. */
export type KeepLog = (action: string, log: string) => void

/** The global under which Jest's environment of the end-to-end tests gives a {@link KeepLog}. */
export const KEEP_LOG = Symbol.for('finch-signing.keep-log')
