module finch-signing/reader/host

go 1.26
