{{- define "smime-operator.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 53 | trimSuffix "-" -}}
{{- end -}}

{{- define "smime-operator.fullname" -}}
{{- $name := include "smime-operator.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 53 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 53 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Cluster-wide names carry the namespace, so that two releases of one name do not meet. */}}
{{- define "smime-operator.clusterName" -}}
{{- printf "%s-%s" (include "smime-operator.fullname" .) .Release.Namespace | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "smime-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "smime-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "smime-operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "smime-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "smime-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "smime-operator.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "smime-operator.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- define "smime-operator.leaseName" -}}
{{- .Values.leaderElection.leaseName | default "smime-operator" -}}
{{- end -}}

{{- define "smime-operator.subject" -}}
- kind: ServiceAccount
  name: {{ include "smime-operator.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}

{{/* What the operator may do in the namespaces it looks at. docs/security.md gives the reason of each; a test holds that each is used. */}}
{{- define "smime-operator.rules" -}}
- apiGroups: [smime-operator.io]
  resources: [tenants, smimepolicies, certificateimports, assignments]
  # patch is for the finalizer in metadata, get for a second look after somebody else's write; a spec is never changed.
  verbs: [get, list, watch, patch]
- apiGroups: [smime-operator.io]
  resources: [tenants/status, smimepolicies/status, certificateimports/status, assignments/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [secrets, configmaps]
  # Only metadata is listed and watched; what is inside is read when it is needed.
  verbs: [get, list, watch]
- apiGroups: [events.k8s.io]
  resources: [events]
  # An event that was said before is counted on instead of said anew.
  verbs: [get, create, patch]
{{- end -}}
