# The agent of one host. Build first: mvn -DskipTests package
FROM eclipse-temurin:17-jre
LABEL org.opencontainers.image.title="vmalloc-agent" \
      org.opencontainers.image.description="Publishes /proc/vmallocinfo of one host to Kafka" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 vmalloc && useradd --system --uid 10001 --gid vmalloc --no-create-home vmalloc \
 && install -d -o vmalloc -g root -m 770 /var/lib/vmalloc-agent
COPY LICENSE NOTICE /usr/share/doc/vmalloc-agent/
COPY agent/target/dist /usr/lib/vmalloc-agent
# The archive of classes fits the Java of this image only.
RUN chmod 755 /usr/lib/vmalloc-agent/launch /usr/lib/vmalloc-agent/make-archive && /usr/lib/vmalloc-agent/make-archive
USER vmalloc
VOLUME /var/lib/vmalloc-agent
ENV VMALLOC_AGENT_METRICS_PORT=9464
# Unhealthy while it is blind or its broker is away: for eyes, no restart mends it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD curl -fsS http://127.0.0.1:9464/health
ENTRYPOINT ["/usr/lib/vmalloc-agent/launch"]
CMD ["run"]
