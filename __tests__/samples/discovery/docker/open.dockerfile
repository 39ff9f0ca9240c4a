ARG TAG
FROM ghcr.io/acme/app:${TAG}
FROM ghcr.io/acme/app:$UNDECLARED
FROM ghcr.io/acme/tool-${TARGETARCH}:1
COPY --from=$IMAGE /a /b
FROM ghcr.io/acme/good:1
