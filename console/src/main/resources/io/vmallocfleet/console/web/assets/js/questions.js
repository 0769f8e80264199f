// Questions of docs/sql-cookbook.md, asked of now: name and statement. All of them only read.
export const QUESTIONS = [
  ['What holds most now', 'SELECT caller, hosts, areas, held_bytes, most_on_one_host\nFROM top_callers\nORDER BY held_bytes DESC\nLIMIT 20'],
  ['Who grew most in an hour', `SELECT hostname, caller, last_bytes - first_bytes AS grown_bytes, last_bytes AS held_bytes
FROM (
  SELECT hostname, caller,
    SUM(CASE WHEN oldest = 1 THEN held_bytes ELSE 0 END) AS first_bytes,
    SUM(CASE WHEN newest = 1 THEN held_bytes ELSE 0 END) AS last_bytes
  FROM (
    SELECT hostname, caller, held_bytes,
      ROW_NUMBER() OVER (PARTITION BY host_id, caller ORDER BY taken_at) AS oldest,
      ROW_NUMBER() OVER (PARTITION BY host_id, caller ORDER BY taken_at DESC) AS newest
    FROM vmalloc_callers
    WHERE taken_at > CURRENT_TIMESTAMP - INTERVAL '1' HOUR)
  GROUP BY hostname, caller)
WHERE last_bytes > first_bytes
ORDER BY grown_bytes DESC
LIMIT 20`],
  ['One caller over time', "SELECT window_end, SUM(held_bytes) AS held_bytes, SUM(hosts) AS hosts\nFROM vmalloc_caller_windows\nWHERE caller_function = 'htab_map_alloc'\nGROUP BY window_end\nORDER BY window_end"],
  ['How it spreads over hosts', `SELECT log2_bucket(held_bytes) AS bucket,
  human_bytes(CAST(POWER(2, log2_bucket(held_bytes)) AS BIGINT)) AS from_size, COUNT(*) AS hosts
FROM (
  SELECT held_bytes, ROW_NUMBER() OVER (PARTITION BY host_id ORDER BY taken_at DESC) AS newest
  FROM vmalloc_callers
  WHERE caller = 'htab_map_alloc')
WHERE newest = 1
GROUP BY log2_bucket(held_bytes)
ORDER BY bucket`],
  ['Callers new in an hour', "SELECT caller, MIN(window_start) AS first_seen, MAX(hosts) AS hosts\nFROM vmalloc_caller_windows\nGROUP BY caller\nHAVING MIN(window_start) > CURRENT_TIMESTAMP - INTERVAL '1' HOUR"],
  ['Hosts by kernel build', 'SELECT kernel_release, kernel_build, COUNT(*) AS hosts, AVG(held_bytes) AS held_bytes_per_host\nFROM hosts\nGROUP BY kernel_release, kernel_build\nORDER BY hosts DESC'],
  ['Hosts with most memory', 'SELECT hostname, kernel_release, areas, held_bytes, mapped_bytes\nFROM hosts\nORDER BY held_bytes DESC\nLIMIT 20'],
  ['Silent hosts', "SELECT hostname, kernel_release, window_end AS last_window\nFROM hosts\nWHERE window_end < (SELECT MAX(window_end) FROM vmalloc_host_windows) - INTERVAL '5' MINUTE"],
  ['Fragmentation', `SELECT hostname, w.holes, w.hole_bytes, w.largest_hole_bytes, MAX(u.unusable_index) AS unusable
FROM hosts
CROSS JOIN UNNEST(windows) AS w (
  region, areas_in_it, used_bytes, runs, span_bytes, holes, hole_bytes, largest_hole_bytes,
  hole_sizes_log2, unusable_free_space)
CROSS JOIN UNNEST(w.unusable_free_space) AS u (request_bytes, unusable_index)
WHERE w.region = 'VMALLOC'
GROUP BY hostname, w.holes, w.hole_bytes, w.largest_hole_bytes
ORDER BY unusable DESC`],
  ['Memory by NUMA node', `SELECT hostname, SUM(COALESCE(numa[0], 0)) AS pages_on_node_0, SUM(COALESCE(numa[1], 0)) AS pages_on_node_1
FROM vmalloc_areas
WHERE taken_at > CURRENT_TIMESTAMP - INTERVAL '1' MINUTE AND kind = 'vmalloc'
GROUP BY hostname`],
  ['Reboots', `SELECT hostname, taken_at AS first_of_boot, before_bytes, held_bytes AS after_bytes
FROM (
  SELECT hostname, taken_at, boot_id, held_bytes,
    LAG(boot_id) OVER (PARTITION BY host_id ORDER BY taken_at) AS boot_before,
    LAG(held_bytes) OVER (PARTITION BY host_id ORDER BY taken_at) AS before_bytes
  FROM vmalloc_snapshots)
WHERE boot_id <> boot_before`],
  ['Alerts as they are now', 'SELECT state, severity, owner, kind, hostname, sentence\nFROM vmalloc_alerts\nORDER BY updated_at DESC\nLIMIT 50'],
  ['What happened to alerts', 'SELECT updated_at, state, kind, hostname, caller, severity, owner\nFROM vmalloc_alert_history\nORDER BY updated_at DESC\nLIMIT 100'],
  ['Findings by kind', 'SELECT kind, COUNT(DISTINCT fingerprint) AS troubles, COUNT(*) AS windows_seen\nFROM vmalloc_findings\nGROUP BY kind'],
  ['Did every snapshot arrive', `SELECT hostname, agent_run, COUNT(*) AS arrived,
  MAX(snapshot_sequence) - MIN(snapshot_sequence) + 1 AS expected, MAX(read_micros) AS slowest_read_micros
FROM vmalloc_snapshots
GROUP BY hostname, agent_run
ORDER BY hostname`],
  ['Dead letters by reason', 'SELECT reason, topic, COUNT(*) AS records\nFROM vmalloc_dead_letters\nGROUP BY reason, topic'],
  ['What a caller is', "SELECT caller_purpose('htab_map_alloc', '') AS purpose, explain_caller('htab_map_alloc') AS explanation"],
  ['What tables there are', 'SHOW TABLES'],
];
