FROM registry.example/team/signed:1
RUN true \
﻿
FROM registry.example/other/evil:1
