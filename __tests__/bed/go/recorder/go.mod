module finch-signing/bed/recorder

go 1.24
