import { ActionError } from './action-error'

/** The job has no usable AWS credentials for an ECR host. */
export function noAwsCredentials(host: string, isExpired: boolean, cause: unknown): ActionError {
  return new ActionError(
    'aws-credentials',
    {
      title: isExpired ? 'The AWS credentials have expired' : 'The job has no AWS credentials',
      what: `${host} is a registry of Amazon ECR, and ${isExpired ? 'the AWS credentials of the job have expired' : 'the job has no valid AWS credentials to log in with'}.`,
      why: 'ECR logins come from the AWS credentials of the job.',
      hint: 'Add aws-actions/configure-aws-credentials before this step, and "permissions: id-token: write" to the job. With a login of an earlier step set "login: none".',
    },
    { cause },
  )
}

/** ECR answered with an error; `action` is the IAM action that was tried. */
export function ecrFailed(host: string, action: string, isDenied: boolean, cause: unknown): ActionError {
  return new ActionError(
    'ecr-login-failed',
    {
      title: isDenied ? 'The AWS role may not do this' : 'Amazon ECR failed',
      what: `${action} for ${host} failed.`,
      why: isDenied ? 'The role of the job lacks a permission.' : '',
      hint: isDenied
        ? `Allow ${action} in the role's policy.`
        : 'Check account and region in the host name, and run the job again.',
    },
    { cause },
  )
}
