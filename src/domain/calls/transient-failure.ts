/**
 * Whether a failed call of Finch, cosign or a program below them may succeed at once when it is made again, judged by what it
 * printed. The tests hold what the real tools print.
 */

/** Answers about who asks, or about what was asked for: the next call gets the same. */
const REFUSED =
  /\b(?:401|403):? (?:Unauthorized|Forbidden)|\b(?:UNAUTHORIZED|DENIED)\b|denied:|AccessDenied|status code 40[13]\b/

/** What Go's network code, registries and the clients of clouds call an accident, and Windows in its own words. */
const ACCIDENTS: readonly RegExp[] = [
  /connection (?:reset by peer|refused|timed out)|broken pipe|use of closed network connection|client connection lost/,
  /network is unreachable|no route to host/,
  /forcibly closed by the remote host|actively refused it|did not properly respond/,
  /\bEOF\b|unexpected end of JSON input/,
  /i\/o timeout|TLS handshake timeout|deadline exceeded|Client\.Timeout|timeout awaiting response headers|operation timed out/,
  /no such host|server misbehaving|[Tt]emporary failure in name resolution/,
  /stream error: |sent GOAWAY|error verifying (?:size|sha256 checksum)|unexpected commit (?:size|digest)/,
  /\b(?:408|425|429|500|502|503|504):? (?:Request Timeout|Too Early|Too Many Requests|Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)/,
  /(?:[Ss]tatus(?: ?[Cc]ode)?|RESPONSE|Code|Error|response|returned):? (?:408|425|429|500|502|503|504)\b/,
  // cosign reads bundles twice, and says this where it could not read them the second time.
  /no valid bundles exist in registry/,
  /\[(?:408|425|429|500|502|503|504)\]|TOOMANYREQUESTS|ThrottlingException|code = (?:Unavailable|ResourceExhausted)/,
]

const LONGEST_REASON = 200

/** The line that names an accident of the network, for the log; undefined where there is none, or a refusal beside it. */
export function transientFailure(output: string): string | undefined {
  if (REFUSED.test(output)) return undefined
  const lines = output.trim().split('\n')
  const line = lines.findLast((one) => ACCIDENTS.some((accident) => accident.test(one)))
  return line?.trim().slice(-LONGEST_REASON)
}
