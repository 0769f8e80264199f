-- History beyond the topic's retention: what callers hold, as Parquet files by day and hour.
-- Runs until it is stopped; each record is in the archive once, also after a failure. Put the
-- path of your archive below: file:///DIR, or the scheme of a file system that Flink knows.
SET 'execution.runtime-mode' = 'streaming';
-- A file can be read when the checkpoint after its last row is complete.
SET 'execution.checkpointing.interval' = '1 min';
SET 'pipeline.name' = 'archive callers';

CREATE TABLE caller_archive (
  host_id STRING, hostname STRING, caller STRING, taken_at TIMESTAMP_LTZ(3), held_bytes BIGINT,
  kafka_partition INT, kafka_offset BIGINT, day_of STRING, hour_of STRING
) PARTITIONED BY (day_of, hour_of) WITH (
  'connector' = 'filesystem', 'path' = 'ARCHIVE', 'format' = 'parquet',
  -- One file an hour and task instead of one a checkpoint.
  'auto-compaction' = 'true', 'compaction.file-size' = '128MB',
  -- _SUCCESS in the directory of an hour that is complete, for whoever reads it with other tools.
  'sink.partition-commit.trigger' = 'partition-time', 'sink.partition-commit.delay' = '1 h',
  'partition.time-extractor.timestamp-pattern' = '$day_of $hour_of:00:00',
  'sink.partition-commit.watermark-time-zone' = 'UTC',
  'sink.partition-commit.policy.kind' = 'success-file');

INSERT INTO caller_archive
SELECT host_id, hostname, caller, taken_at, held_bytes, kafka_partition, kafka_offset,
  DATE_FORMAT(taken_at, 'yyyy-MM-dd'), DATE_FORMAT(taken_at, 'HH')
FROM vmalloc_callers;
