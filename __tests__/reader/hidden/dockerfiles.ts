import { type Cases, dockerfile, EVIL as E, SIGNED as S } from './names'

const NBSP = '\u00a0'
const NEL = '\u0085'
const BOM = '\ufeff'

export const DOCKERFILES: Cases = {
  // Arguments of the platform
  'an empty variant takes the default': dockerfile(`FROM ${S} AS base\nFROM \${TARGETVARIANT:-${E}}\n`),
  'an empty variant around a name': dockerfile(`FROM ${S}\nFROM \${TARGETVARIANT}${E}\${TARGETVARIANT}\n`),
  'an empty variant behind the name of a stage': dockerfile(
    `FROM ${S} AS ${'evil'}x\nARG TARGETVARIANT\nFROM ${E}$TARGETVARIANT\n`,
  ),
  'an argument made of a variant': dockerfile(`ARG X=\${TARGETVARIANT:-${E}}\nFROM ${S} AS base\nFROM $X\n`),
  'a variant that has to be set': dockerfile(`ARG B=\${TARGETVARIANT:+${S}}\nFROM \${B:-${E}}\n`),
  'a version of the system that is empty': dockerfile(`ARG B=\${TARGETOSVERSION:+${S}}\nFROM \${B:-${E}}\n`),
  'the variant of the builder': dockerfile(`ARG B=\${BUILDVARIANT:+${S}}\nFROM \${B:-${E}}\n`),
  'a stage for one architecture only': dockerfile(
    `FROM ${S} AS b-amd64\nARG TARGETARCH\nFROM b-$TARGETARCH AS x\nFROM \${TARGETARCH}.${E}\n`,
  ),
  'an argument with a sign that is no variable': dockerfile(`ARG A=$!\nARG B=\${A:+${S}}\nFROM \${B:-${E}}\n`),
  'an argument without a value': dockerfile(`ARG A\nFROM ${E}$A\n`),
  'an argument in quotes inside of braces': dockerfile(`ARG U\nFROM \${U:-"${E}"}\n`),
  'a pattern that is cut off': dockerfile(`ARG V=x${E}\nFROM \${V#x}\n`),
  'a pattern that is cut off behind': dockerfile(`ARG V=${E}-x\nFROM \${V%-*}\n`),
  'a pattern that is replaced': dockerfile(`ARG V=${E.replaceAll('.', '_')}\nFROM \${V//_/.}\n`),
  'an argument that is set again without a value': dockerfile(`ARG A=${E}\nARG A\nFROM $A\n`),
  'an argument behind a control character': dockerfile(`ARG B=${S}\nARG X=1${NEL}B=${E}\nFROM $B\n`),
  'an argument behind a tabulator': dockerfile(`ARG B=${S}\nARG X=1\tB=${E}\nFROM $B\n`),
  'an argument of several on a line': dockerfile(`ARG B=${S} C="x y" B=${E}\nFROM $B\n`),
  // Continued lines
  'an escaped backslash continues nothing': dockerfile(`FROM ${S}\nRUN echo \\\\\nFROM ${E}\n`),
  'a folder of Windows': dockerfile(`FROM ${S}\nWORKDIR C:\\\\\nCOPY --from=${E} /x /y\n`),
  'an escaped backslash before blanks': dockerfile(`FROM ${S}\nRUN echo \\\\ \t\nFROM ${E}\n`),
  'two returns behind a backslash': dockerfile(`FROM ${S}\nRUN echo \\\r\r\nFROM ${S} AS E\nFROM ${E}\n`),
  'three returns behind a backslash': dockerfile(`FROM ${S}\nRUN echo \\\r\r\r\nhello\nFROM ${E}\n`),
  'a byte order mark alone on a line': dockerfile(`FROM ${S}\nRUN echo \\\n${BOM}\nFROM ${E}\n`),
  'a byte order mark before a comment': dockerfile(`FROM ${S}\nRUN echo \\\n${BOM}# c\nFROM ${E}\n`),
  'an empty line in a continued one': dockerfile(`FROM \\\n\n${E}\n`),
  'a comment in a continued line': dockerfile(`FROM \\\n# ${S}\n  ${E}\n`),
  'an indented comment in a continued line': dockerfile(`FROM \\\n   # ${S}\n${E}\n`),
  // Here-documents
  'a here-document named with blanks': dockerfile(`FROM ${S}\nRUN : <<"RUN x"\nFROM ${S} AS E\nRUN x\nFROM ${E}\n`),
  'a blank before the name of a here-document': dockerfile(
    `FROM ${S}\nRUN : << USER\nFROM ${S} AS e\nUSER\nFROM ${E}\n`,
  ),
  'a here-document behind two returns': dockerfile(`FROM ${S}\nRUN : <<#x\n#x\r\r\nFROM ${E}\n#x\n`),
  'a word that is no here-document since a brace is open': dockerfile(
    `FROM ${S}\nRUN echo \${!x} <<#x\nFROM ${E}\n#x\n`,
  ),
  'another bad brace before a here-document': dockerfile(`FROM ${S}\nRUN echo \${x <<EOF\nFROM ${E}\nEOF\n`),
  'a byte order mark in the name of a here-document': dockerfile(
    `FROM ${S}\nRUN : <<EOF${BOM}x\nEOF${BOM}x\nFROM ${E}\n`,
  ),
  'a control character in the name of a here-document': dockerfile(
    `FROM ${S}\nRUN : <<#E${NEL}x\n#E\nFROM ${E}\n#E${NEL}x\nFROM ${E}\n`,
  ),
  'two here-documents': dockerfile(`FROM ${S}\nRUN cat <<a <<b\nb\na\nb\nFROM ${E}\n`),
  'a here-document with tabulators cut': dockerfile(`FROM ${S}\nRUN cat <<-EOF\n\tx\n\tEOF\nFROM ${E}\n`),
  'a here-document of COPY': dockerfile(`FROM ${S}\nCOPY <<EOF /x\nFROM x\nEOF\nFROM ${E}\n`),
  'a here-document named by a number of a file': dockerfile(`FROM ${S}\nRUN cat 3<<EOF\nEOF\nFROM ${E}\n`),
  // Flags
  'the last from of a mount counts': dockerfile(
    `FROM ${S}\nRUN --mount=type=bind,from=${S},from=${E},target=/x true\n`,
  ),
  'a mount in quotes': dockerfile(`FROM ${S}\nRUN --mount="type=bind,from=${E},target=/x" true\n`),
  'a mount whose field is in quotes': dockerfile(`FROM ${S}\nRUN --mount=type=bind,"from=${E}",target=/x true\n`),
  'a mount in another case': dockerfile(`FROM ${S}\nRUN --mount=type=bind,From=${E},target=/x true\n`),
  'a mount behind another flag': dockerfile(
    `FROM ${S}\nRUN --network=none --mount=type=bind,from=${E},target=/x true\n`,
  ),
  'a cache whose from is an image': dockerfile(`FROM ${S}\nRUN --mount=type=cache,from=${E},target=/x true\n`),
  'a mount whose from is an argument': dockerfile(
    `ARG B=${E}\nFROM ${S}\nARG B\nRUN --mount=type=bind,from=$B,target=/x true\n`,
  ),
  'a byte inside of a letter is a blank': dockerfile(`FROM ${S}\nCOPY --exclude=à--from=${E} / /\n`),
  'a byte inside of a letter in a mount': dockerfile(
    `FROM ${S}\nRUN --mount=type=cache,target=/à--mount=from=${E},type=bind,target=/b true\n`,
  ),
  'a flag with the escape sign of the file': dockerfile(`# escape=\`\nFROM ${S}\nCOPY --fro\`m=${E} / /\n`),
  'a flag in quotes': dockerfile(`FROM ${S}\nCOPY --from="${E}" / /\n`),
  'an ADD from an image': dockerfile(`FROM ${S}\nADD --from=${E} / /\n`),
  'a copy behind other flags': dockerfile(`FROM ${S}\nCOPY --link --chown=1:1 --from=${E} / /\n`),
  'a copy from a number beyond the stages': dockerfile(`FROM ${S}\nCOPY --from=${E} /x /y\nCOPY --from=0 /x /y\n`),
  'ONBUILD copies from an image': dockerfile(`FROM ${S}\nONBUILD COPY --from=${E} / /\n`),
  'ONBUILD mounts an image': dockerfile(`FROM ${S}\nONBUILD RUN --mount=type=bind,from=${E},target=/x true\n`),
  'onbuild in small letters': dockerfile(`FROM ${S}\nonbuild copy --from=${E} / /\n`),
  // Directives
  'an escape directive with a hard blank is none': dockerfile(
    `# escape${NBSP}=\`\nFROM ${S}\nRUN echo \`\nFROM ${E}\n`,
  ),
  'an escape directive behind the shell of a script': dockerfile(
    `#!/x\n# escape=\`\nFROM ${S}\nRUN echo \`\nFROM ${E}\n`,
  ),
  'an escape directive behind a long line': dockerfile(
    `# check=${'x'.repeat(5000)}\n# escape=\`\nFROM ${S}\nRUN echo \\\nFROM ${E}\n`,
  ),
  'an escape directive that counts': dockerfile(`# escape=\`\nFROM ${S}\nRUN echo \\\nFROM ${E}\n`),
  'a frontend': dockerfile(`# syntax=${E}\nFROM ${S}\n`),
  'a frontend on a long line': dockerfile(`# syntax=${E} ${'x'.repeat(5000)}\nFROM ${S}\n`),
  'a frontend behind many blanks': dockerfile(`#${' '.repeat(5000)}syntax=${E}\nFROM ${S}\n`),
  'a frontend before a line separator': dockerfile(`# syntax=${E} \u2028x\nFROM ${S}\n`),
  'a frontend before a return': dockerfile(`# syntax=${E} \rx\nFROM ${S}\n`),
  'a frontend in the comments of another language': dockerfile(`// syntax=${E}\nFROM ${S}\n`),
  'a frontend in JSON': dockerfile(`{"syntax": "${E}"}\n`),
  'a frontend behind the shell of a script': dockerfile(`#!/usr/bin/env x\n# syntax=${E}\nFROM ${S}\n`),
  'a frontend in capital letters': dockerfile(`# SYNTAX=${E}\nFROM ${S}\n`),
  'a frontend behind a byte order mark': dockerfile(`${BOM}# syntax=${E}\nFROM ${S}\n`),
  'a frontend behind another directive': dockerfile(`# check=skip=all\n# syntax=${E}\nFROM ${S}\n`),
  // Names of stages and of files
  'a stage under the name of an image': dockerfile(`FROM ${S} AS ${E.replace(':1', '')}\nFROM ${E}\n`),
  'a stage that comes later': dockerfile(`FROM ${S}\nCOPY --from=${E} / /\nFROM ${S} AS x\n`),
  'a base in quotes': dockerfile(`FROM "${E}"\n`),
  'a base behind its platform': dockerfile(`FROM --platform=$BUILDPLATFORM ${E} AS x\nFROM ${S}\n`),
  'instructions in small letters': dockerfile(`from ${S} as a\nfrom ${E} as b\n`),
  'a file named with a hyphen': { 'Dockerfile-prod': `FROM ${E}\n` },
  'a file named with a low line': { Dockerfile_x: `FROM ${E}\n` },
  'a file named with a number': { Dockerfile7: `FROM ${E}\n` },
  'a file of containers with a number': { Containerfile2: `FROM ${E}\n` },
  'a file with its name behind': { 'prod-Dockerfile': `FROM ${E}\n` },
  'a file with an own name': { prod: `ARG X\n# x\nFROM ${E}\n` },
  'a file with another ending': { 'web.build': `FROM ${E}\n` },
  'a template of a Dockerfile': { 'Dockerfile.tmpl': `FROM ${E}\nRUN {{ x }}\n` },
  'a Dockerfile of Earthly': { Earthfile: `VERSION 0.8\nFROM ${E}\nbuild:\n  RUN make\n` },
}
