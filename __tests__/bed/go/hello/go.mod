module finch-signing/bed/hello

go 1.24
