/** `stormglass help`. */
export const HELP = `stormglass: a cloud region under glass

  up [--foreground] [--ephemeral]     start a region of three zones, or several (--regions A,B)
  down                                stop it; what it knows stays on disk
  status | zones | doctor             look at it (doctor exits with 1 when something is wrong)
  scrub [ZONE ...]                    read every object in the zones again, and mend what is rotten
  top [ZONE ...]                      who called most in the last minute, and who was throttled
  wait [--timeout SECONDS]            until it serves
  env [--region NAME]                 variables for AWS clients: eval "$(stormglass env)"; --tls for https
  logs [world|ZONE ...] [-f] [-n N]   structured logs, merged
  disable-zones ZONE ... [--mode power-off|freeze|cut-off]
  enable-zones ZONE ...
  fault add KIND [NAME=VALUE ...] [--zone Z | --region R | --from PLACE --to PLACE] [--one-way]
            [--duration 30s] [--toxicity 0..1] [--seed N]
      kinds: power-off, freeze, cut-off (with --zone);
             latency latencyMs=100 jitterMs=20; loss probability=0.1;
             bandwidth bytesPerSecond=100000; partition; black-hole; reset probability=1;
             slow-close closeMs=1000; corruption probability=0.0001; connection-limit connections=10
      places: zone ids, names of regions, clients, log, ca, * (all)
      of clocks and certificates: ca-outage; certificate-expired, certificate-revoked (with --zone);
             clock-skew skewMs=3600000 (with --zone)
      of objects: blob-rot share=0.1, blob-loss share=0.1 (with --zone)
      of hosts (with --zone): disk-full; cpu-limit share=0.2;
             dns-servfail, dns-nxdomain, dns-timeout, dns-delay delayMs=500, each names=a.com,b.com probability=0.5
      of calls (with --zone, or everywhere): call service=iam operation=GetUser access=write region=us-east-1
             callerRole=reader probability=0.5 error.code=ThrottlingException error.statusCode=400 latencyMs=100 jitterMs=20;
             control-plane-outage service=iam (what changes something is refused); call-latency latencyMs=100;
             the same as JSON at /_localstack/chaos/faults and effects
  fault list | fault clear [ID ...]
  global-sts [legacy|regional] [REGION|ZONE ...]   who answers sts.amazonaws.com, shown or set while calls flow
  ca [root]                           the root certificate, for AWS_CA_BUNDLE; also in the region's folder, ca.pem
  ca list | ca crl | ca revoke SERIAL ... | ca rotate
  reset [--yes]                       forget everything

  everywhere: --json, --folder PATH (default ./.stormglass)
  for a region in containers: --docker, or --project NAME of its Compose project (stormglass): ca, disable-zones,
          doctor, enable-zones, env, fault, global-sts, scrub, status, top, wait, zones
  for up: --port N (4566), --region NAME (us-east-1), or --regions NAME,NAME with --region-latency MS (60,
          there and back) and --region-bandwidth BYTES (a second and connection; no limit), --host ADDRESS (127.0.0.1),
          --dns-port N (5300), --dns-ttl SECONDS (5), --dns-upstream ADDRESS[:PORT], --dns-query-log,
          --nats ZONE=URL,... or --etcd ZONE=URL,... (a log cluster instead of the embedded log),
          --throttle RATE[:BURST] (calls a second of an account, by zone and operation; no limit),
          --s3-day SECONDS (a day of S3's lifecycle rules; 86400),
          --s3-grace SECONDS (until bytes of S3 that nobody refers to are deleted; 300),
          --trail-delivery SECONDS (between log files of a trail of CloudTrail; 300), --certificate-life 24h, --acme-http-port N (80), --log-level LEVEL`;
