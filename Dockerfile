# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH=amd64
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig .globalconfig BannedSymbols.txt ./
COPY crds/ crds/
COPY src/ src/
ENV CI=true
# The packages are held against the lock files; what compiles for the kind of machine comes on top.
RUN dotnet restore src/SmimeOperator --locked-mode \
 && dotnet publish src/SmimeOperator --configuration Release --runtime "linux-$(echo "$TARGETARCH" | sed s/amd64/x64/)" -p:RuntimeLocks=/locks --output /app

# No shell and no package manager, and a user of its own: app, uid 1654.
# .NET itself is part of the program.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
COPY LICENSE .
# The operator's own setting names the port; the base image's would only be overridden, with a warning.
ENV ASPNETCORE_HTTP_PORTS=
# The C library gives memory back that it would keep for itself: one pool for all threads, trimmed from 128 KiB on.
ENV MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072
EXPOSE 8080
USER $APP_UID
ENTRYPOINT ["/app/SmimeOperator"]
