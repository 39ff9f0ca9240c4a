ARG BASE=${TARGETVARIANT:+registry.example/team/signed:1}
FROM ${BASE:-registry.example/other/evil:1}
