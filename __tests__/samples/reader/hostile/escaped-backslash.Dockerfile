FROM registry.example/team/signed:1
RUN printf \\
FROM registry.example/other/evil:1
