package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/siderolabs/go-kubernetes/kubernetes/compatibility"
	"github.com/siderolabs/talos/pkg/argsbuilder"
	"github.com/siderolabs/talos/pkg/machinery/config/config"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"github.com/siderolabs/talos/pkg/machinery/resources/k8s"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const systemCriticalPriority int32 = 2000000000

// ConfigVersions are the resource versions of the components' configuration resources: upgrade-k8s
// waits until a pod carries the one that its change made.
type ConfigVersions struct {
	APIServer         string
	ControllerManager string
	Scheduler         string
}

// component is what differs between the three static pods.
type component struct {
	name      string
	image     string
	version   string
	arguments func(Node) (argsbuilder.Args, error)
	flags     []string
	env       config.Env
	resources config.Resources
	cpu       string
	memory    string
	user      int64
	volumes   map[string]string
	extra     []config.VolumeMount
	disabled  bool
}

func components(node Node, versions ConfigVersions) []component {
	cluster, machine := node.Config.Cluster(), node.Config.Machine()

	return []component{
		{
			name: k8s.APIServerID, image: cluster.APIServer().Image(), version: versions.APIServer,
			arguments: apiServerArguments, env: cluster.APIServer().Env(), resources: cluster.APIServer().Resources(),
			cpu: "200m", memory: "512Mi", user: constants.KubernetesAPIServerRunUser,
			volumes: map[string]string{"secrets": secretsDirectory, "config": configDirectory, "audit": constants.KubernetesAuditLogDir},
			extra:   cluster.APIServer().ExtraVolumes(),
		},
		{
			name: k8s.ControllerManagerID, image: cluster.ControllerManager().Image(), version: versions.ControllerManager,
			arguments: controllerManagerArguments, flags: []string{"--use-service-account-credentials"},
			env: cluster.ControllerManager().Env(), resources: cluster.ControllerManager().Resources(),
			cpu: "50m", memory: "256Mi", user: constants.KubernetesControllerManagerRunUser,
			volumes:  map[string]string{"secrets": managerDirectory},
			extra:    cluster.ControllerManager().ExtraVolumes(),
			disabled: machine.Controlplane().ControllerManager().Disabled(),
		},
		{
			name: k8s.SchedulerID, image: cluster.Scheduler().Image(), version: versions.Scheduler,
			arguments: schedulerArguments, env: cluster.Scheduler().Env(), resources: cluster.Scheduler().Resources(),
			cpu: "10m", memory: "64Mi", user: constants.KubernetesSchedulerRunUser,
			volumes:  map[string]string{"secrets": schedulerSecrets, "config": schedulerConfigs},
			extra:    cluster.Scheduler().ExtraVolumes(),
			disabled: machine.Controlplane().Scheduler().Disabled(),
		},
	}
}

// StaticPods are a controller's, as Talos hands them to the kubelet; a worker has none.
// They fail where Talos would refuse the extra arguments of a component.
func StaticPods(node Node, versions ConfigVersions) ([]corev1.Pod, error) {
	if !node.controlPlane() {
		return nil, nil
	}

	var pods []corev1.Pod

	for _, part := range components(node, versions) {
		if part.disabled {
			continue
		}

		pod, err := part.pod(node)
		if err != nil {
			return nil, err
		}

		pods = append(pods, pod)
	}

	return pods, nil
}

func (part component) pod(node Node) (corev1.Pod, error) {
	arguments, err := part.arguments(node)
	if err != nil {
		return corev1.Pod{}, err
	}

	resources, err := part.requirements()
	if err != nil {
		return corev1.Pod{}, fmt.Errorf("%s: resources: %w", part.name, err)
	}

	volumes, mounts := part.storage()
	priority, yes, no := systemCriticalPriority, true, false

	return corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{
			Name:      part.name,
			Namespace: metav1.NamespaceSystem,
			Annotations: map[string]string{
				constants.AnnotationStaticPodSecretsVersion: "1",
				constants.AnnotationStaticPodConfigVersion:  part.version,
			},
			Labels: map[string]string{
				"tier": "control-plane", "k8s-app": part.name, "component": part.name,
				"app.kubernetes.io/name":       part.name,
				"app.kubernetes.io/version":    compatibility.VersionFromImageRef(part.image).String(),
				"app.kubernetes.io/component":  "control-plane",
				"app.kubernetes.io/managed-by": "Talos",
			},
		},
		Spec: corev1.PodSpec{
			Priority:          &priority,
			PriorityClassName: "system-cluster-critical",
			HostNetwork:       true,
			SecurityContext:   &corev1.PodSecurityContext{RunAsNonRoot: &yes, RunAsUser: &part.user, RunAsGroup: &part.user},
			Volumes:           volumes,
			Containers: []corev1.Container{{
				Name:         part.name,
				Image:        part.image,
				Command:      slices.Concat([]string{"/usr/local/bin/" + part.name}, part.flags, arguments.Args()),
				Env:          part.environment(),
				VolumeMounts: mounts,
				Resources:    resources,
				SecurityContext: &corev1.SecurityContext{
					AllowPrivilegeEscalation: &no,
					Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
					SeccompProfile:           &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
				},
			}},
		},
	}, nil
}

func (part component) environment() []corev1.EnvVar {
	variables := []corev1.EnvVar{{
		Name:      "POD_IP",
		ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "status.podIP"}},
	}}

	names := make([]string, 0, len(part.env))
	for name := range part.env {
		names = append(names, name)
	}

	slices.Sort(names)

	for _, name := range names {
		// Kubernetes replaces $(NAME) in values, which Talos does not mean.
		variables = append(variables, corev1.EnvVar{Name: name, Value: strings.ReplaceAll(part.env[name], "$", "$$")})
	}

	return variables
}

func (part component) requirements() (corev1.ResourceRequirements, error) {
	requirements := corev1.ResourceRequirements{Requests: corev1.ResourceList{}, Limits: corev1.ResourceList{}}

	for _, entry := range []struct {
		list  corev1.ResourceList
		name  corev1.ResourceName
		value string
		base  string
	}{
		{requirements.Requests, corev1.ResourceCPU, part.resources.CPURequests(), part.cpu},
		{requirements.Requests, corev1.ResourceMemory, part.resources.MemoryRequests(), part.memory},
		{requirements.Limits, corev1.ResourceCPU, part.resources.CPULimits(), ""},
		{requirements.Limits, corev1.ResourceMemory, part.resources.MemoryLimits(), ""},
	} {
		value := entry.value
		if value == "" {
			value = entry.base
		}

		if value == "" {
			continue
		}

		quantity, err := resource.ParseQuantity(value)
		if err != nil {
			return requirements, fmt.Errorf("%s %q: %w", entry.name, value, err)
		}

		entry.list[entry.name] = quantity
	}

	return requirements, nil
}

func (part component) storage() ([]corev1.Volume, []corev1.VolumeMount) {
	var (
		volumes []corev1.Volume
		mounts  []corev1.VolumeMount
	)

	add := func(name, host, mount string, readOnly bool) {
		volumes = append(volumes, corev1.Volume{
			Name: name, VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: host}},
		})
		mounts = append(mounts, corev1.VolumeMount{Name: name, MountPath: mount, ReadOnly: readOnly})
	}

	for _, name := range []string{"secrets", "config", "audit"} {
		if path, has := part.volumes[name]; has {
			add(name, path, path, name != "audit")
		}
	}

	for _, volume := range part.extra {
		add(volume.Name(), volume.HostPath(), volume.MountPath(), volume.ReadOnly())
	}

	return volumes, mounts
}
