import { describe, expect, test } from '@jest/globals'
import { consoleAddress, parseEcrHost } from '../../../src/domain/image/ecr-host'

const account = '123456789012'

describe('private registries of Amazon ECR', () => {
  test.each([
    [`${account}.dkr.ecr.eu-west-1.amazonaws.com`, 'eu-west-1'],
    [`${account}.dkr.ecr.ap-southeast-4.amazonaws.com`, 'ap-southeast-4'],
    [`${account}.dkr.ecr.mx-central-1.amazonaws.com`, 'mx-central-1'],
    [`${account}.dkr.ecr.cn-north-1.amazonaws.com.cn`, 'cn-north-1'],
    [`${account}.dkr.ecr.cn-northwest-1.amazonaws.com.cn`, 'cn-northwest-1'],
    [`${account}.dkr.ecr.us-gov-west-1.amazonaws.com`, 'us-gov-west-1'],
    [`${account}.dkr.ecr-fips.us-gov-east-1.amazonaws.com`, 'us-gov-east-1'],
    [`${account}.dkr.ecr-fips.us-east-2.amazonaws.com`, 'us-east-2'],
    [`${account}.dkr.ecr.eusc-de-east-1.amazonaws.eu`, 'eusc-de-east-1'],
    [`${account}.dkr-ecr.eu-west-1.on.aws`, 'eu-west-1'],
    [`${account}.dkr-ecr-fips.us-west-2.on.aws`, 'us-west-2'],
    [`${account}.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn`, 'cn-north-1'],
    [`${account}.dkr-ecr.eusc-de-east-1.on.amazonwebservices.eu`, 'eusc-de-east-1'],
    [`${account}.dkr.ecr.us-iso-east-1.c2s.ic.gov`, 'us-iso-east-1'],
    [`${account}.dkr.ecr.us-isob-east-1.sc2s.sgov.gov`, 'us-isob-east-1'],
    [`${account}.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk`, 'eu-isoe-west-1'],
    [`${account}.dkr.ecr.us-isof-south-1.csp.hci.ic.gov`, 'us-isof-south-1'],
    [`${account}.dkr.ecr.eu-west-1.amazonaws.com:443`, 'eu-west-1'],
    [`${account}.dkr.ecr.eu-west-1.amazonaws.com:5000`, 'eu-west-1'],
  ])('%s', (host, region) => {
    expect(parseEcrHost(host)).toEqual({ kind: 'private', account, region })
  })
})

describe('the public registry', () => {
  test.each(['public.ecr.aws', 'ecr-public.aws.com'])('%s', (host) => {
    expect(parseEcrHost(host)).toEqual({ kind: 'public' })
  })
})

describe('near misses, which must get no credentials of AWS', () => {
  test.each([
    `${account}.dkr.ecr.eu-west-1.amazonaws.com.evil.example`,
    `${account}.dkr.ecr.eu-west-1.amazonaws.community`,
    `${account}.dkr.ecr.eu-west-1.amazonaws.com.`,
    `${account}.dkr.ecr.eu-west-1.amazonaws.co`,
    `${account}.dkr.ecr.eu-west-1.amazonaws.com.cn.evil.example`,
    `${account}.dkr.ecr.eu-west-1.evilamazonaws.com`,
    `${account}.dkr.ecr.eu-west-1.evil.amazonaws.com`,
    `${account}.dkr.ecr.eu-west-1.amazonaws.com@evil.example`,
    `${account}.dkr.ecr.eu-west-1.amazonaws.com:443:80`,
    `${account}.dkr.ecr.eu-west-1.amazonaws.com:`,
    `${account}.dkr.ecr.eu-west-1.amazonaws.com\n.evil.example`,
    `${account}.dkr.ecr.eu-west-1.amazonaws.com/x`,
    `x${account}.dkr.ecr.eu-west-1.amazonaws.com`,
    `evil.${account}.dkr.ecr.eu-west-1.amazonaws.com`,
    `${account}-dkr.ecr.eu-west-1.amazonaws.com`,
    `${account}.dkrxecr.eu-west-1.amazonaws.com`,
    `${account}.dkr.ecr.amazonaws.com`,
    `${account}.dkr.ecr..amazonaws.com`,
    `${account}.dkr.ecr.eu-west.amazonaws.com`,
    `${account}.dkr.ecr.evil.example.amazonaws.com`,
    `${account}.dkr-ecr.eu-west-1.on.aws.evil.example`,
    `${account}.dkr-ecr.eu-west-1.on-aws`,
    `${account}.dkr-ecr.eu-west-1.evilon.aws`,
    `12345678901.dkr.ecr.eu-west-1.amazonaws.com`,
    `1234567890123.dkr.ecr.eu-west-1.amazonaws.com`,
    'api.ecr.eu-west-1.amazonaws.com',
    'public.ecr.aws.evil.example',
    'evil-public.ecr.aws',
    'public-ecr.aws',
    'ecr-public.aws.com.evil.example',
    'ecr-public.ecr.aws',
    'notpublic.ecr.aws',
    'sub.public.ecr.aws',
    'docker.io',
    'localhost:5000',
    '',
  ])('%j', (host) => {
    expect(parseEcrHost(host)).toBeUndefined()
  })
})

describe('the page of an image', () => {
  const page = (region: string) =>
    `ecr/repositories/private/${account}/team/app/_/image/sha256:a/details?region=${region}`
  test.each([
    [`${account}.dkr.ecr.eu-west-1.amazonaws.com`, `https://eu-west-1.console.aws.amazon.com/${page('eu-west-1')}`],
    [`${account}.dkr-ecr.us-east-2.on.aws`, `https://us-east-2.console.aws.amazon.com/${page('us-east-2')}`],
    [
      `${account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com`,
      `https://us-gov-west-1.console.amazonaws-us-gov.com/${page('us-gov-west-1')}`,
    ],
    [`${account}.dkr.ecr.cn-north-1.amazonaws.com.cn`, `https://cn-north-1.console.amazonaws.cn/${page('cn-north-1')}`],
    ['public.ecr.aws', 'https://gallery.ecr.aws/team/app'],
    [`${account}.dkr.ecr.us-iso-east-1.c2s.ic.gov`, undefined],
    ['ghcr.io', undefined],
  ])('%s', (host, expected) => expect(consoleAddress(`${host}/team/app`, 'sha256:a')).toBe(expected))
})
