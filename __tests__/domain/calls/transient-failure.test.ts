import { describe, expect, test } from '@jest/globals'
import { transientFailure } from '../../../src/domain/calls/transient-failure'
import { classifyRejection } from '../../../src/domain/signatures/claims'

/** What nerdctl 2.2.2 and cosign 3.0.5 and 2.6.4 print behind a proxy that breaks the request; addresses and digests are shortened. */
const ACCIDENTS: readonly [string, string][] = [
  [
    'nerdctl push, HEAD 429',
    'level=fatal msg="unexpected status from HEAD request to http://r.test/v2/app/manifests/1: 429 Too Many Requests"',
  ],
  [
    'nerdctl push, HEAD 503',
    'level=fatal msg="unexpected status from HEAD request to http://r.test/v2/app/manifests/1: 503 Service Unavailable"',
  ],
  [
    'nerdctl push, HEAD reset',
    'level=fatal msg="failed to do request: Head \\"http://r.test/v2/app/manifests/1\\": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer"',
  ],
  [
    'nerdctl push, HEAD reset',
    'level=fatal msg="failed to do request: Head \\"http://r.test/v2/app/blobs/sha256:d1\\": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer"',
  ],
  [
    'nerdctl push, POST reset',
    'level=fatal msg="failed to do request: Post \\"http://r.test/v2/app/blobs/uploads/\\": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer"',
  ],
  [
    'nerdctl push, PUT 429',
    'level=fatal msg="failed commit on ref \\"config-sha256:d1\\": unexpected status from PUT request to http://r.test/v2/app/blobs/uploads/u1: 429 Too Many Requests\\ntoomanyrequests: slow down"',
  ],
  [
    'nerdctl push, PUT 503',
    'level=fatal msg="failed commit on ref \\"layer-sha256:d1\\": unexpected status from PUT request to http://r.test/v2/app/blobs/uploads/u1: 503 Service Unavailable"',
  ],
  [
    'nerdctl push, PUT reset',
    'level=fatal msg="failed commit on ref \\"layer-sha256:d1\\": failed to do request: Put \\"http://r.test/v2/app/blobs/uploads/u1\\": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer"',
  ],
  [
    'nerdctl push, PUT 429',
    'level=fatal msg="failed commit on ref \\"manifest-1@sha256:d1\\": unexpected status from PUT request to http://r.test/v2/app/manifests/1: 429 Too Many Requests\\ntoomanyrequests: slow down"',
  ],
  [
    'nerdctl push, PUT 503',
    'level=fatal msg="failed commit on ref \\"manifest-1@sha256:d1\\": unexpected status from PUT request to http://r.test/v2/app/manifests/1: 503 Service Unavailable"',
  ],
  [
    'nerdctl push, PUT reset',
    'level=fatal msg="failed commit on ref \\"manifest-1@sha256:d1\\": failed to do request: Put \\"http://r.test/v2/app/manifests/1\\": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer"',
  ],
  [
    'nerdctl pull, HEAD 429',
    'level=fatal msg="failed to resolve reference \\"r.test/other@sha256:d1\\": unexpected status from HEAD request to http://r.test/v2/app/manifests/sha256:d1: 429 Too Many Requests"',
  ],
  [
    'nerdctl pull, HEAD 503',
    'level=fatal msg="failed to resolve reference \\"r.test/other@sha256:d1\\": unexpected status from HEAD request to http://r.test/v2/app/manifests/sha256:d1: 503 Service Unavailable"',
  ],
  [
    'nerdctl pull, HEAD reset',
    'level=info msg="fetch failed" error="failed to do request: Head \\"http://r.test/v2/app/manifests/sha256:d1\\": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer" host="r.test"\nlevel=info msg="fetch failed after status: 404 Not Found" host="r.test"\nlevel=fatal msg="failed to resolve reference \\"r.test/other@sha256:d1\\": r.test/other@sha256:d1: not found"',
  ],
  [
    'nerdctl pull, GET 429',
    'level=fatal msg="failed to copy: httpReadSeeker: failed open: unexpected status from GET request to http://r.test/v2/app/manifests/sha256:d1: 429 Too Many Requests\\ntoomanyrequests: slow down"',
  ],
  [
    'nerdctl pull, GET 503',
    'level=fatal msg="failed to copy: httpReadSeeker: failed open: unexpected status from GET request to http://r.test/v2/app/manifests/sha256:d1: 503 Service Unavailable"',
  ],
  [
    'nerdctl pull, GET reset',
    'level=fatal msg="failed to copy: httpReadSeeker: failed open: failed to do request: Get \\"http://r.test/v2/app/manifests/sha256:d1\\": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer"',
  ],
  [
    'nerdctl pull, GET cut',
    'level=fatal msg="failed to copy: read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer"',
  ],
  [
    'cosign 3.0.5 sign, GET 429',
    'error during command execution: signing [r.test/app@d1]: accessing image: Get "https://r.test/v2/": http: server gave HTTP response to HTTPS client; GET http://r.test/v2/: TOOMANYREQUESTS: slow down',
  ],
  [
    'cosign 3.0.5 sign, GET reset',
    'error during command execution: signing [r.test/app@d1]: accessing image: Get "https://r.test/v2/": http: server gave HTTP response to HTTPS client; Get "http://r.test/v2/": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 3.0.5 sign, HEAD 429',
    'error during command execution: signing [r.test/app@d1]: signing digest: HEAD http://r.test/v2/app/manifests/sha256:d1: unexpected status code 429 Too Many Requests (HEAD responses have no body, use GET for details)',
  ],
  [
    'cosign 3.0.5 sign, HEAD reset',
    'error during command execution: signing [r.test/app@d1]: signing digest: Head "http://r.test/v2/app/manifests/sha256:d1": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 3.0.5 sign, GET cut',
    'error during command execution: signing [r.test/app@d1]: accessing image: read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 3.0.5 sign, GET cut',
    'error during command execution: signing [r.test/app@d1]: signing digest: failed to upload manifest: read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  ['cosign 3.0.5 verify, GET 429', 'error during command execution: GET http://r.test/v2/: TOOMANYREQUESTS: slow down'],
  [
    'cosign 3.0.5 verify, GET 503',
    'error during command execution: GET http://r.test/v2/: unexpected status code 503 Service Unavailable',
  ],
  [
    'cosign 3.0.5 verify, GET reset',
    'error during command execution: Get "https://r.test/v2/": http: server gave HTTP response to HTTPS client; Get "http://r.test/v2/": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 3.0.5 verify, GET 429 empty',
    'error during command execution: GET http://r.test/v2/: unexpected status code 429 Too Many Requests',
  ],
  [
    'cosign 3.0.5 verify, GET 429',
    'error during command execution: GET http://r.test/v2/app/manifests/sha256-d1.sig: TOOMANYREQUESTS: slow down',
  ],
  [
    'cosign 3.0.5 verify, GET 503',
    'error during command execution: GET http://r.test/v2/app/manifests/sha256-d1.sig: unexpected status code 503 Service Unavailable',
  ],
  [
    'cosign 3.0.5 verify, GET reset',
    'error during command execution: Get "http://r.test/v2/app/manifests/sha256-d1.sig": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 3.0.5 verify, GET cut',
    'error during command execution: read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 3.0.5 verify, GET 429 empty',
    'error during command execution: GET http://r.test/v2/app/manifests/sha256-d1.sig: unexpected status code 429 Too Many Requests',
  ],
  [
    'cosign 3.0.5 verify, GET 429',
    'error during command execution: no matching signatures: GET http://r.test/v2/app/blobs/sha256:d1: TOOMANYREQUESTS: slow down',
  ],
  [
    'cosign 3.0.5 verify, GET 503',
    'error during command execution: no matching signatures: GET http://r.test/v2/app/blobs/sha256:d1: unexpected status code 503 Service Unavailable',
  ],
  [
    'cosign 3.0.5 verify, GET reset',
    'error during command execution: no matching signatures: Get "http://r.test/v2/app/blobs/sha256:d1": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 3.0.5 verify, GET cut',
    'error during command execution: no matching signatures: read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 3.0.5 verify, GET 429 empty',
    'error during command execution: no matching signatures: GET http://r.test/v2/app/blobs/sha256:d1: unexpected status code 429 Too Many Requests',
  ],
  ['cosign 2.6.4 verify, GET 429', 'error during command execution: GET http://r.test/v2/: TOOMANYREQUESTS: slow down'],
  [
    'cosign 2.6.4 verify, GET reset',
    'error during command execution: Get "https://r.test/v2/": http: server gave HTTP response to HTTPS client; Get "http://r.test/v2/": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 2.6.4 verify, GET 429',
    'error during command execution: GET http://r.test/v2/app/manifests/sha256-d1.sig: TOOMANYREQUESTS: slow down',
  ],
  [
    'cosign 2.6.4 verify, GET reset',
    'error during command execution: Get "http://r.test/v2/app/manifests/sha256-d1.sig": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 2.6.4 verify, GET cut',
    'error during command execution: read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 2.6.4 verify, GET 429',
    'error during command execution: no matching signatures: GET http://r.test/v2/app/blobs/sha256:d1: TOOMANYREQUESTS: slow down',
  ],
  [
    'cosign 2.6.4 verify, GET reset',
    'error during command execution: no matching signatures: Get "http://r.test/v2/app/blobs/sha256:d1": read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 2.6.4 verify, GET cut',
    'error during command execution: no matching signatures: read tcp 10.0.0.1:1->10.0.0.1:1: read: connection reset by peer',
  ],
  [
    'cosign 3.0.5 verify, GET cut the second time',
    'error during command execution: no valid bundles exist in registry',
  ],
]

/** The same of refusals, and of what is not there. */
const REFUSALS: readonly [string, string][] = [
  [
    'nerdctl push, POST 401',
    'level=fatal msg="unexpected status from POST request to http://r.test/v2/app/blobs/uploads/: 401 Unauthorized\\nunauthorized"',
  ],
  [
    'nerdctl push, PUT 401',
    'level=fatal msg="failed commit on ref \\"manifest-1@sha256:d1\\": unexpected status from PUT request to http://r.test/v2/app/manifests/1: 401 Unauthorized\\nunauthorized"',
  ],
  [
    'nerdctl pull, HEAD 401',
    'level=fatal msg="failed to resolve reference \\"r.test/other@sha256:d1\\": unexpected status from HEAD request to http://r.test/v2/app/manifests/sha256:d1: 401 Unauthorized"',
  ],
  [
    'nerdctl pull, HEAD 404',
    'level=fatal msg="failed to resolve reference \\"r.test/other@sha256:d1\\": r.test/other@sha256:d1: not found"',
  ],
  [
    'cosign 3.0.5 sign, POST 401',
    'error during command execution: signing [r.test/app@d1]: signing digest: failed to upload layer: POST http://r.test/v2/app/blobs/uploads/: UNAUTHORIZED: authentication required',
  ],
  [
    'cosign 3.0.5 sign, GET 403',
    'error during command execution: signing [r.test/app@d1]: accessing image: Get "https://r.test/v2/": http: server gave HTTP response to HTTPS client; GET http://r.test/v2/: DENIED: requested access to the resource is denied',
  ],
  [
    'cosign 3.0.5 verify, GET 403',
    'error during command execution: GET http://r.test/v2/: DENIED: requested access to the resource is denied',
  ],
  ['cosign 3.0.5 verify, GET 404', 'error during command execution: no signatures found'],
  [
    'cosign 3.0.5 verify, GET 401',
    'error during command execution: GET http://r.test/v2/app/manifests/sha256-d1.sig: UNAUTHORIZED: authentication required',
  ],
]

/** By the sources of the tools and of the clients within them; such servers cannot be had here. */
const OTHERS = [
  'failed to do request: Head "https://r.test/v2/app/blobs/sha256:d1": net/http: TLS handshake timeout',
  'dial tcp: lookup r.test on 10.0.0.2:53: server misbehaving',
  'dial tcp: lookup r.test: Temporary failure in name resolution',
  'dial tcp: lookup r.test: no such host',
  'dial tcp 10.0.0.1:443: i/o timeout',
  'dial tcp 10.0.0.1:443: connect: connection refused',
  'dial tcp 10.0.0.1:443: connect: network is unreachable',
  'dial tcp 10.0.0.1:443: connectex: No connection could be made because the target machine actively refused it.',
  'read tcp 10.0.0.1:1->10.0.0.2:443: wsarecv: An existing connection was forcibly closed by the remote host.',
  'failed to copy: failed to send write: write tcp 10.0.0.1:1->10.0.0.2:443: write: broken pipe',
  'Put "https://r.test/v2/app/blobs/uploads/u1": http2: server sent GOAWAY and closed the connection',
  'stream error: stream ID 7; INTERNAL_ERROR; received from peer',
  'Get "https://r.test/token": net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
  'failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://r.test/token: 502 Bad Gateway',
  'failed to authorize: failed to fetch anonymous token: unexpected EOF',
  'error verifying size: expected 3 bytes, got 2',
  'failed commit on ref "layer-sha256:d1": unexpected commit digest sha256:d2, expected sha256:d1: failed precondition',
  'operation error KMS: Sign, exceeded maximum number of attempts, 3, https response error StatusCode: 503, RequestID: x',
  'operation error KMS: Sign, https response error StatusCode: 400, api error ThrottlingException: Rate exceeded',
  'rpc error: code = Unavailable desc = connection closed',
  'RESPONSE 503: 503 Service Unavailable\nERROR CODE UNAVAILABLE',
  'Error making API request. Code: 503. Errors: Vault is sealed',
  'error signing bundle: adding rekor v2 entry: unexpected response: 503 ',
  'error signing bundle: [POST /api/v1/log/entries][500] createLogEntry default {}',
  'error signing bundle: timestamp authority returned 503: ',
  'getting cert: Fulcio returned 429: slow down',
  'updating TUF: failed to download https://t.test/1.root.json, http status code: 503',
]

const NO_ACCIDENT = [
  'error during command execution: no matching signatures: invalid signature when validating ASN.1 encoded signature',
  'error during command execution: no signatures found',
  'signing app: reading key: decrypt: encrypted: decryption failed',
  'operation error KMS: Sign, https response error StatusCode: 400, api error AccessDeniedException: not authorized',
  'level=fatal msg="content digest sha256:d1: not found"',
  'level=fatal msg="no such image: app:1"',
  'open /var/lib/x: no space left on device',
  'error signing bundle: timestamp authority returned 400: ',
  'pushed 500 bytes, 503 in all, port 429',
  '',
]

describe('an accident of the network', () => {
  test.each(ACCIDENTS)('%s', (_what, output) => expect(transientFailure(output)).toBeDefined())

  test.each(OTHERS)('%s', (output) => expect(transientFailure(output)).toBeDefined())

  test('is said by the line that names it, not at more length than a line of a log has', () => {
    const output = `level=info msg=begun\nError: dial tcp: i/o timeout\nsee the documentation\n`
    expect(transientFailure(output)).toBe('Error: dial tcp: i/o timeout')
    expect(transientFailure(`${'x'.repeat(5000)}: EOF`)).toHaveLength(200)
  })
})

describe('no accident', () => {
  test.each(REFUSALS)('%s', (_what, output) => expect(transientFailure(output)).toBeUndefined())

  test.each(NO_ACCIDENT)('%s', (output) => expect(transientFailure(output)).toBeUndefined())
})

test.each(ACCIDENTS.filter(([what]) => what.includes('verify')))(
  '%s says nothing about signatures',
  (_what, output) => {
    for (const code of [1, 10, 12]) expect(classifyRejection(code, output)).toBe('unknown')
  },
)
