{{/* The webhookserver's container: beside the manager, with a token that the manager mints,
or in a Pod of its own, with the Pod's. */}}
{{- define "igny8.webhookserver" -}}
{{- $sidecar := not .Values.webhookserver.standalone.enabled -}}
- name: webhookserver
  image: {{ include "igny8.image" . | quote }}
  {{- with .Values.image.pullPolicy }}
  imagePullPolicy: {{ . }}
  {{- end }}
  command: [/webhookserver]
  args:
    - --bind-address=:9292
    - --metrics-bind-address=:8082
    - --health-probe-bind-address=:8083
    {{- if $sidecar }}
    - --token-file=/var/run/secrets/igny8/webhookserver/token
    - --ca-file=/var/run/secrets/igny8/kube-root-ca/ca.crt
    {{- end }}
    {{- if .Values.namespaced }}
    - --watch-namespace=$(POD_NAMESPACE)
    {{- end }}
    {{- with .Values.webhookserver.extraArgs }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  env:
    - name: POD_NAMESPACE
      valueFrom:
        fieldRef:
          fieldPath: metadata.namespace
  ports:
    - name: sites
      containerPort: 9292
    - name: sites-metrics
      containerPort: 8082
    - name: sites-probes
      containerPort: 8083
  livenessProbe:
    httpGet:
      path: /healthz
      port: sites-probes
    initialDelaySeconds: 15
    periodSeconds: 20
  readinessProbe:
    httpGet:
      path: /readyz
      port: sites-probes
    # Shorter than the drain delay, so that endpoints notice in time.
    periodSeconds: 3
    failureThreshold: 1
  resources:
    {{- toYaml .Values.webhookserver.resources | nindent 4 }}
  securityContext:
    {{- include "igny8.unprivileged" . | nindent 4 }}
  {{- if $sidecar }}
  volumeMounts:
    - name: webhookserver-token
      mountPath: /var/run/secrets/igny8/webhookserver
      readOnly: true
    - name: kube-root-ca
      mountPath: /var/run/secrets/igny8/kube-root-ca
      readOnly: true
  {{- end }}
{{- end -}}
