/**
 * Makes a package that has been verified usable on this machine.
 */

import type { ActivationPorts } from '../machine/ports'
import { activateBinary } from './binary'
import { activateDeb } from './deb'
import { activateMsi } from './msi'
import { activatePkg } from './pkg'
import type { Activated, VerifiedPackage } from './verified-package'

/** Installs a package by its kind. Throws ActionErrors; what was there before is left usable. */
export async function activate(pack: VerifiedPackage, ports: ActivationPorts): Promise<Activated> {
  switch (pack.kind) {
    case 'deb':
      return activateDeb(pack, ports)
    case 'pkg':
      return activatePkg(pack, ports)
    case 'msi':
      return activateMsi(pack, ports)
    case 'binary':
      return activateBinary(pack, ports)
  }
}
