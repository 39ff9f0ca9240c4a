FROM registry.example/team/signed:1 AS tools
FROM registry.example/other/evil:1
