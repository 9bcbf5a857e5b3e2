# The etcd that `compose/region-etcd.yaml` runs: the project publishes no image under a plain name, Debian packages it.
#
#   docker build --file infra/image/etcd.Dockerfile --tag stormglass-etcd infra/image

FROM debian:trixie-slim
RUN apt-get -qq update && \
    apt-get -qq -y install --no-install-recommends etcd-server etcd-client && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
USER 1000:1000
CMD ["etcd"]
