# syntax=docker/dockerfile:1
# One image, the three programs: manager (the default), webhookserver, kubectl-igny8.

# The build runs on the machine's own architecture and crosses to the wanted one.
FROM --platform=${BUILDPLATFORM} golang:1.26-bookworm AS build
WORKDIR /src
ENV CGO_ENABLED=0 GOFLAGS=-buildvcs=false GOTOOLCHAIN=local
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG TARGETOS TARGETARCH VERSION
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    GOOS=${TARGETOS} GOARCH=${TARGETARCH} go build -trimpath -o /out/ \
      -ldflags "-s -w -X github.com/igny8/wordpress-operator/internal/version.Version=${VERSION}" \
      ./cmd/manager ./cmd/webhookserver ./cmd/kubectl-igny8

FROM scratch
ARG VERSION REVISION
LABEL org.opencontainers.image.title="igny8-wordpress-operator" \
      org.opencontainers.image.description="Publishes to WordPress what Kubernetes resources say" \
      org.opencontainers.image.source="https://github.com/igny8/wordpress-operator" \
      org.opencontainers.image.licenses="Apache-2.0 AND GPL-2.0-or-later" \
      org.opencontainers.image.version="${VERSION:-devel}" \
      org.opencontainers.image.revision="${REVISION:-unknown}"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/ /
# A number: runAsNonRoot cannot be checked for a name.
USER 65532:65532
ENTRYPOINT ["/manager"]
