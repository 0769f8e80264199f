# Makes the network of another container slow or lossy, for deploy/faults/run.
FROM eclipse-temurin:17-jre
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends iproute2 iptables \
 && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["sh", "-ec"]
