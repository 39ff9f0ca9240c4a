import { expect, test } from '@jest/globals'
import { readCertificate } from '../../../src/domain/signatures/certificate'

/** Issued by the real authority of the test bed, for a workflow; it was valid for ten minutes. */
const ISSUED =
  'MIIGQTCCBeegAwIBAgIUUkdlbeN0WJF6OJ3rbnxt6ObRWc8wCgYIKoZIzj0EAwIwaDEMMAoGA1UEBhMDVVNBMQswCQYDVQQIEwJXQTERMA8GA1UEBxMIS2lya2xhbmQxFTATBgNVBAkTDDc2NyA2dGggU3QgUzEOMAwGA1UEERMFOTgwMzMxETAPBgNVBAoTCHNpZ3N0b3JlMB4XDTI2MTEyNzA4NTYxOVoXDTI2MTEyNzA5MDYxOVowADBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFs61P8MCgHQ7tKzjglpTvyODd4Ov8oexvCJDw9XxF1TCmvL834FWA3uEQ++ug8pfw5Snx8ITD/2AIqYhdoRDcqjggTVMIIE0TAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwMwHQYDVR0OBBYEFGI1rj18vd96QqcKYv0ObwNkcXYsMB8GA1UdIwQYMBaAFPlOvX58n5M0BO0fWf36PhbT0vJZMFgGA1UdEQEB/wROMEyGSmh0dHBzOi8vZ2l0aHViLmNvbS9vY3RvLW9yZy9hcHAvLmdpdGh1Yi93b3JrZmxvd3MvcmVsZWFzZS55bWxAcmVmcy90YWdzL3YxMCQGCisGAQQBg78wAQEEFmh0dHA6Ly8xMjcuMC4wLjE6NDI1ODkwEgYKKwYBBAGDvzABAgQEcHVzaDA2BgorBgEEAYO/MAEDBCgwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3MA8GCisGAQQBg78wAQQEAVIwGgYKKwYBBAGDvzABBQQMb2N0by1vcmcvYXBwMBoGCisGAQQBg78wAQYEDHJlZnMvdGFncy92MTAmBgorBgEEAYO/MAEIBBgMFmh0dHA6Ly8xMjcuMC4wLjE6NDI1ODkwWgYKKwYBBAGDvzABCQRMDEpodHRwczovL2dpdGh1Yi5jb20vb2N0by1vcmcvYXBwLy5naXRodWIvd29ya2Zsb3dzL3JlbGVhc2UueW1sQHJlZnMvdGFncy92MTA4BgorBgEEAYO/MAEKBCoMKDAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1NjcwHQYKKwYBBAGDvzABCwQPDA1naXRodWItaG9zdGVkMC8GCisGAQQBg78wAQwEIQwfaHR0cHM6Ly9naXRodWIuY29tL29jdG8tb3JnL2FwcDA4BgorBgEEAYO/MAENBCoMKDAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1NjcwHAYKKwYBBAGDvzABDgQODAxyZWZzL3RhZ3MvdjEwEQYKKwYBBAGDvzABDwQDDAExMCsGCisGAQQBg78wARAEHQwbaHR0cHM6Ly9naXRodWIuY29tL29jdG8tb3JnMBEGCisGAQQBg78wAREEAwwBMjBaBgorBgEEAYO/MAESBEwMSmh0dHBzOi8vZ2l0aHViLmNvbS9vY3RvLW9yZy9hcHAvLmdpdGh1Yi93b3JrZmxvd3MvcmVsZWFzZS55bWxAcmVmcy90YWdzL3YxMDgGCisGAQQBg78wARMEKgwoMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2NzAUBgorBgEEAYO/MAEUBAYMBHB1c2gwSQYKKwYBBAGDvzABFQQ7DDlodHRwczovL2dpdGh1Yi5jb20vb2N0by1vcmcvYXBwL2FjdGlvbnMvcnVucy8xL2F0dGVtcHRzLzEwFwYKKwYBBAGDvzABFgQJDAdwcml2YXRlMIGLBgorBgEEAdZ5AgQCBH0EewB5AHcABkLUA31GMlQl1qokhn71ur00hPp8Z7BzeTrNB8RW744AAAGiHDhGMAAABAMASDBGAiEAuGLBIBdx1H4KbONb/7cVcufGAOeY1G3PncQD0L0SMUwCIQDCW9yPghO3alDXZSjgBp1DsxEGHNEClS0dUxkZV1hkUjAKBggqhkjOPQQDAgNIADBFAiBX6ao3lEPYZFex+9kVjRfiWOom47magrZu5n0rozavxwIhAJNGlgd1vpVX6kbREozsoL0B24+D/sqRfcvkrGo+R81r'

test('a certificate names workflow and issuer', () => {
  const pem = `-----BEGIN CERTIFICATE-----\n${ISSUED.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
  for (const encoded of [Buffer.from(ISSUED, 'base64'), pem]) {
    const read = readCertificate(encoded)
    expect(read?.subject).toBe('https://github.com/octo-org/app/.github/workflows/release.yml@refs/tags/v1')
    expect(read?.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(read?.publicKey.asymmetricKeyType).toBe('ec')
  }
})

test.each([
  ['nothing', ''],
  ['no certificate', 'AAAA'],
  ['half of one', ISSUED.slice(0, 400)],
])('%s is none', (_what, text) => {
  expect(readCertificate(Buffer.from(text, 'base64'))).toBeUndefined()
})
