FROM registry.example/team/signed:1
RUN cat <<"END of it"
FROM registry.example/team/signed:1 AS registry.example/other/evil:1
END of it
FROM registry.example/other/evil:1
