{{/* Pieces that several templates share. Names, ports and the command of Redis come from files/parts.yaml. */}}

{{/* Refuses what the schema of the values cannot. */}}
{{- define "stormglass.check" -}}
{{- $seen := dict -}}
{{- range $i, $zone := .Values.zones -}}
{{- $message := printf "zones[%d].topologyZone: say which value of the label topology.kubernetes.io/zone the nodes of %s have" $i $zone.id -}}
{{- $place := required $message $zone.topologyZone -}}
{{- if hasKey $seen $place -}}
{{- fail (printf "zones[%d].topologyZone: %s is the topology zone of %s already; zones that fall together are none" $i $place (get $seen $place)) -}}
{{- end -}}
{{- $_ := set $seen $place $zone.id -}}
{{- end -}}
{{- end -}}

{{/* Which pods: dict root, and where they are given zone (an id) and part. The labels are those of the containers of Compose. */}}
{{- define "stormglass.selector" -}}
stormglass.region: {{ .root.Values.region }}
{{- with .zone }}
stormglass.zone: {{ . }}
{{- end }}
{{- with .part }}
stormglass.part: {{ . }}
{{- end }}
{{- end -}}

{{- define "stormglass.labels" -}}
{{ include "stormglass.selector" . }}
app.kubernetes.io/name: stormglass
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- with .part }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "stormglass.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{/* Of every pod. Ports below 1024 are free to all, as in Docker; nobody needs the Kubernetes API. */}}
{{- define "stormglass.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile:
    type: RuntimeDefault
  sysctls:
    - name: net.ipv4.ip_unprivileged_port_start
      value: "0"
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "stormglass.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/*
Where a pod of a zone goes: to the zone, never to a node with the same part of another zone, and rather to nodes with few
others of its own zone. Dict root, zone (of the values), part.
*/}}
{{- define "stormglass.placement" -}}
affinity:
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms:
        - matchExpressions:
            - key: topology.kubernetes.io/zone
              operator: In
              values: [{{ .zone.topologyZone | quote }}]
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "stormglass.selector" (dict "root" .root "part" .part) | nindent 12 }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "stormglass.selector" (dict "root" .root "zone" .zone.id) | nindent 8 }}
{{- end -}}

{{/* Settings of every container of our own. */}}
{{- define "stormglass.environment" -}}
- { name: STORMGLASS_REGION, value: {{ .Values.region | quote }} }
- { name: STORMGLASS_ZONE_COUNT, value: {{ len .Values.zones | quote }} }
- { name: STORMGLASS_LOG, value: {{ .Values.log.engine | quote }} }
- { name: STORMGLASS_LOG_LEVEL, value: {{ .Values.logLevel | quote }} }
- { name: STORMGLASS_DNS_TTL, value: {{ .Values.dnsTtlSeconds | int64 | quote }} }
- { name: STORMGLASS_THROTTLE, value: {{ .Values.throttle | quote }} }
- { name: STORMGLASS_S3_DAY, value: {{ .Values.objects.daySeconds | int64 | quote }} }
- { name: STORMGLASS_S3_GRACE, value: {{ .Values.objects.graceSeconds | int64 | quote }} }
- { name: STORMGLASS_TRAIL_DELIVERY, value: {{ .Values.trailDeliverySeconds | int64 | quote }} }
- { name: STORMGLASS_CERTIFICATE_LIFE_MS, value: {{ .Values.certificateLifeMs | int64 | quote }} }
- { name: STORMGLASS_PUBLIC_ADDRESS, value: {{ .Values.frontDoor.publicAddress | quote }} }
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .Values.telemetryEndpoint | quote }} }
{{- end -}}

{{/*
Whether a container is well is in a file that it keeps young. It only says so: who is not well has reasons that a new start
does not mend (its zone is cut off, the log has no majority), so there is no liveness probe; a container that cannot go on
ends by itself.
*/}}
{{- define "stormglass.readiness" -}}
readinessProbe:
  exec:
    command: [sh, -c, 'test -n "$(find /tmp/healthy -newermt "15 seconds ago")"']
  periodSeconds: 10
  timeoutSeconds: 10
  failureThreshold: 2
{{- end -}}

{{- define "stormglass.scratch" -}}
emptyDir: { medium: Memory, sizeLimit: 16Mi }
{{- end -}}

{{- define "stormglass.disk" -}}
metadata:
  name: disk
spec:
  accessModes: [ReadWriteOnce]
  {{- with .Values.disk.storageClassName }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ .size | default .Values.disk.size }}
{{- end -}}

{{/* Ports of a part of a zone: dict parts (the file), part (of it). */}}
{{- define "stormglass.partPorts" -}}
{{- $ports := .parts.ports -}}
- { name: internal, port: {{ .part.internalPort }}, protocol: TCP }
{{- if eq .part.name "resolver" }}
- { name: dns, port: {{ $ports.dns }}, protocol: UDP }
- { name: dns-tcp, port: {{ $ports.dns }}, protocol: TCP }
- { name: outside, port: {{ $ports.dnsOutside }}, protocol: UDP }
- { name: outside-tcp, port: {{ $ports.dnsOutside }}, protocol: TCP }
{{- else if eq .part.name "entrance" }}
- { name: clients, port: {{ $ports.clients }}, protocol: TCP }
- { name: http, port: {{ $ports.http }}, protocol: TCP }
- { name: https, port: {{ $ports.https }}, protocol: TCP }
{{- else }}
- { name: requests, port: {{ $ports.requests }}, protocol: TCP }
{{- end }}
{{- end -}}

{{/* The same list as ports of a container. */}}
{{- define "stormglass.containerPorts" -}}
{{ . | replace "port:" "containerPort:" }}
{{- end -}}

{{/* Ids of the zones, as JSON: a template can only return text. */}}
{{- define "stormglass.zoneIds" -}}
{{- $ids := list -}}
{{- range .Values.zones }}{{ $ids = append $ids .id }}{{ end -}}
{{ dict "ids" $ids | toJson }}
{{- end -}}
