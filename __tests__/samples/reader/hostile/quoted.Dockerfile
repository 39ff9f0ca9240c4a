FROM "registry.example/other/evil:1"
