# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2022 AS base
RUN powershell -Command `
    Write-Host FROM `
    C:\temp\
FROM `
    mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-ltsc2022
COPY --from=base C:\out C:\app
