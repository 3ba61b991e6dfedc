# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig .globalconfig BannedSymbols.txt ./
COPY crds/ crds/
COPY src/ src/
ENV CI=true
RUN dotnet restore src/SmimeOperator --locked-mode \
 && dotnet publish src/SmimeOperator --configuration Release --no-restore --output /app -p:UseAppHost=false

# No shell and no package manager, and a user of its own: app, uid 1654.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
COPY LICENSE .
# The operator's own setting names the port; the base image's would only be overridden, with a warning.
ENV ASPNETCORE_HTTP_PORTS=
EXPOSE 8080
USER $APP_UID
ENTRYPOINT ["dotnet", "SmimeOperator.dll"]
