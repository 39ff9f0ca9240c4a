FROM registry.example/team/signed:1
RUN --mount=type=bind,from=registry.example/team/signed:1,from=registry.example/other/evil:1,target=/in true
