# The command line, ./vmalloc-fleet. Build first: mvn -DskipTests package
FROM eclipse-temurin:17-jre
LABEL org.opencontainers.image.title="vmalloc-fleet" \
      org.opencontainers.image.description="Command line of vmalloc-fleet: topics, simulate, sql, alerts, console" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 vmalloc && useradd --system --uid 10001 --gid vmalloc --create-home vmalloc
COPY LICENSE NOTICE /usr/share/doc/vmalloc-fleet/
COPY local/target/lib /usr/lib/vmalloc-fleet/lib
COPY local/target/classes /usr/lib/vmalloc-fleet/classes
RUN chmod -R a+rX /usr/lib/vmalloc-fleet
USER vmalloc
WORKDIR /home/vmalloc
ENTRYPOINT ["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-cp", "/usr/lib/vmalloc-fleet/classes:/usr/lib/vmalloc-fleet/lib/*", "io.vmallocfleet.local.Main"]
CMD ["--help"]
