# Flink with the fleet's jobs. Build first: mvn -DskipTests package
ARG FLINK=flink:2.3.0-java17
FROM $FLINK
LABEL org.opencontainers.image.title="vmalloc-fleet-jobs" \
      org.opencontainers.image.description="Apache Flink with the jobs of vmalloc-fleet" \
      org.opencontainers.image.licenses="Apache-2.0"
USER root
# A new volume mounted here belongs to whom the directory belongs to.
RUN mkdir -p /state && chown flink:flink /state
COPY LICENSE NOTICE /usr/share/doc/vmalloc-fleet-jobs/
COPY pipeline/target/vmalloc-fleet-jobs.jar /opt/flink/usrlib/vmalloc-fleet-jobs.jar
RUN chmod 644 /opt/flink/usrlib/vmalloc-fleet-jobs.jar
USER flink
VOLUME /state
CMD ["standalone-job", "--job-classname", "io.vmallocfleet.pipeline.deploy.FleetJobs"]
