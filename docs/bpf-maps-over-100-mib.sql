-- A rule: some caller of the family "BPF maps" holds more than 100 MiB on a host.
SET 'execution.runtime-mode' = 'streaming';
SET 'execution.checkpointing.interval' = '10 s';
SET 'pipeline.name' = 'rule bpf-maps-over-100-mib';

INSERT INTO vmalloc_findings (
  labels, severity, host_id, hostname, boot_id, caller_function, caller_module,
  kernel_release, kernel_build, architecture, window_start, window_end, held_bytes, sentence)
SELECT
  MAP['rule', 'bpf-maps-over-100-mib'], 'TICKET', w.host_id, w.hostname, w.boot_id, c.func, c.in_module,
  w.kernel_release, w.kernel_build, w.architecture, w.window_start, w.window_end, c.holds,
  c.func || ' on ' || w.hostname || ' holds ' || human_bytes(c.holds) || ', more than 100 MiB.'
FROM vmalloc_host_windows /*+ OPTIONS('scan.startup.mode' = 'latest-offset') */ AS w
CROSS JOIN UNNEST(w.top_callers) AS c (func, in_module, in_areas, holds, mapped)
WHERE caller_purpose(c.func, c.in_module) = 'BPF maps' AND c.holds > 100 * 1024 * 1024;
