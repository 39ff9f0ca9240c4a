import{createRequire as makeRequire}from"node:module";const require=/* @__PURE__ */makeRequire(import.meta.url);
import{existsSync,mkdirSync,readdirSync,realpathSync,rmSync,symlinkSync,writeFileSync}from"node:fs";import{dirname,join}from"node:path";var LIBEXEC="/usr/libexec/finch",PLACE="opt/finch-signing";function besideFolder(version){return`${PLACE}/finch-${version}`}function viewScript(about,finch,{source,target}){let[quotedFinch,quotedSource,quotedTarget]=[finch,source,target].map(quote);return`#!/bin/sh
# ${about.replaceAll(/[\r\n]/g," ")}
# Only this call sees it: the view ends with the process.
if [ "$(id -u)" -ne 0 ]; then
  echo 'this finch has to be called as root: sudo "$(command -v finch)" ...' >&2
  exit 1
fi
exec unshare --mount -- /bin/sh -c 'mount --bind "$0" "$1" && shift && exec "$@"' ${quotedSource} ${quotedTarget} ${quotedFinch} "$@"
`}function nerdctlScript(folder){let libexec=join(folder,"libexec","finch");return`#!/bin/sh
exec ${quote(join(libexec,"nerdctl"))} --cni-path=${quote(join(libexec,"cni","bin"))} "$@"
`}function finchSigningWith(folder,finch,cosign){let own=ownCosign(finch);if(own===void 0||realpathSync(own)===realpathSync(cosign))return finch;let path=join(folder,"bin","finch"),link=join(folder,"libexec","finch","cosign");for(let file of[path,link])mkdirSync(dirname(file),{recursive:!0}),rmSync(file,{force:!0});symlinkSync(cosign,link);let text=viewScript(`Finch, signing with ${cosign}`,finch,{source:cosign,target:own});return writeFileSync(path,text,{mode:493}),path}function ownCosign(finch){return[...[finch,realpathSync(finch)].map(path=>join(dirname(dirname(path)),"libexec","finch")),LIBEXEC].map(folder=>join(folder,"cosign")).find(path=>existsSync(path))}function quote(text){return`'${text.replaceAll("'","'\\''")}'`}export{LIBEXEC,besideFolder,viewScript,nerdctlScript,finchSigningWith};
