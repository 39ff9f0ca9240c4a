# escape =`
FROM registry.example/team/signed:1
RUN printf \
FROM registry.example/team/signed:1 AS registry.example/other/evil:1
FROM registry.example/other/evil:1
