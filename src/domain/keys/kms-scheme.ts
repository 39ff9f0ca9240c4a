export const KMS_SCHEMES = ['awskms', 'gcpkms', 'azurekms', 'hashivault'] as const
export type KmsScheme = (typeof KMS_SCHEMES)[number]
