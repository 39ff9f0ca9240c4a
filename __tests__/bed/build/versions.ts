/** The one place that pins what the tests run against. */
export const versions = {
  /** The Finch release whose tools these are; what the stand-in reports. */
  finch: '1.18.0',
  nerdctl: '2.2.2',
  cosign: '3.0.5',
  /** The other supported line, for the tables of keys and versions. */
  oldCosign: '2.6.4',
  buildkit: '0.30.0',
  registry: '3.0.0',
  act: '0.2.89',
  zizmor: '1.32.0',
  actionlint: '1.7.12',
  ministack: '1.5.33',
  moto: '5.2.5',
  /** The Node of the Windows tests. */
  nodeForWindows: '20.20.2',
  rekor: '2.2.0',
} as const
