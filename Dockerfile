# syntax=docker/dockerfile:1
# One image, the three programs: manager (the default), webhookserver, kubectl-igny8.
# make image writes the same one without a container engine, see hack/image.

# The build runs on the machine's own architecture and crosses to the wanted one.
FROM --platform=${BUILDPLATFORM} golang:1.26-bookworm AS build
WORKDIR /src
ENV GOTOOLCHAIN=local
COPY go.mod go.sum ./
COPY hack/image/go.mod hack/image/go.sum hack/image/
RUN --mount=type=cache,target=/go/pkg/mod go mod download && go -C hack/image mod download
COPY . .
ARG TARGETPLATFORM VERSION
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    go -C hack/image run . tree --source=/src --output=/rootfs --platform="${TARGETPLATFORM}" --version="${VERSION}"

FROM scratch
ARG VERSION REVISION
LABEL org.opencontainers.image.title="igny8-wordpress-operator" \
      org.opencontainers.image.description="Publishes to WordPress what Kubernetes resources say" \
      org.opencontainers.image.source="https://github.com/igny8/wordpress-operator" \
      org.opencontainers.image.licenses="Apache-2.0 AND GPL-2.0-or-later" \
      org.opencontainers.image.version="${VERSION:-devel}" \
      org.opencontainers.image.revision="${REVISION:-unknown}"
COPY --from=build /rootfs/ /
ENV PATH=/
# A number: runAsNonRoot cannot be checked for a name.
USER 65532:65532
ENTRYPOINT ["/manager"]
