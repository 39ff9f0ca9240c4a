/** Names of variables that hold what a registry must not be asked for. */
const CREDENTIAL = /TOKEN|SECRET|PASSW|CREDENTIAL|PRIVATE|(?:API|ACCESS|AUTH)[_-]?KEY|PAT$/i
/** Shorter values occur by chance. */
const SHORTEST = 12

/**
 * Whether a name holds the value of a variable that looks like a secret: files of a pull request may name any variable of
 * the job, and looking the image up would hand its value to a registry of their choice.
 */
export function holdsSecret(name: string, variables: Readonly<Record<string, string>>): boolean {
  return Object.entries(variables).some(([variable, value]) => {
    return CREDENTIAL.test(variable) && value.length >= SHORTEST && name.includes(value)
  })
}
