# A customer's container: curl, and nothing of the region's.
FROM debian:trixie-slim
RUN apt-get -qq update && apt-get -qq -y --no-install-recommends install curl ca-certificates >/dev/null
