package resources

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"

	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/siderolabs/talos/pkg/machinery/resources/etcd"
	"github.com/siderolabs/talos/pkg/machinery/resources/k8s"
	corev1 "k8s.io/api/core/v1"
)

// Nodename is the Kubernetes name of a machine.
func Nodename(facts Facts) string {
	hostname, _ := SplitHostname(facts.Hostname)
	if facts.Complete() && facts.Config.Machine().Kubelet().RegisterWithFQDN() {
		hostname = facts.Hostname
	}

	return strings.ToLower(hostname)
}

func nodeResources(facts Facts) []resource.Resource {
	if !facts.Complete() {
		return nil
	}

	name := k8s.NewNodename(k8s.NamespaceName, k8s.NodenameID)
	name.TypedSpec().Nodename = Nodename(facts)
	name.TypedSpec().HostnameVersion = "1"
	name.TypedSpec().SkipNodeRegistration = facts.Config.Machine().Kubelet().SkipNodeRegistration()

	addresses := k8s.NewNodeIP(k8s.NamespaceName, k8s.KubeletID)
	addresses.TypedSpec().Addresses = []netip.Addr{facts.Hardware.Address}

	resources := []resource.Resource{name, addresses, kubeletSpec(facts)}

	if facts.Node != nil {
		status := k8s.NewNodeStatus(k8s.NamespaceName, facts.Node.Name)
		*status.TypedSpec() = k8s.NodeStatusSpec{
			Nodename:      facts.Node.Name,
			NodeReady:     NodeReady(facts.Node),
			Unschedulable: facts.Node.Spec.Unschedulable,
			Labels:        facts.Node.Labels,
			Annotations:   facts.Node.Annotations,
		}
		resources = append(resources, status)
	}

	return resources
}

// NodeReady tells whether the kubelet of a Node reports Ready.
func NodeReady(node *corev1.Node) bool {
	return slices.ContainsFunc(node.Status.Conditions, func(condition corev1.NodeCondition) bool {
		return condition.Type == corev1.NodeReady && condition.Status == corev1.ConditionTrue
	})
}

func kubeletSpec(facts Facts) resource.Resource {
	kubelet := facts.Config.Machine().Kubelet()
	arguments := map[string][]string{
		"bootstrap-kubeconfig": {"/etc/kubernetes/bootstrap-kubeconfig"},
		"cert-dir":             {"/var/lib/kubelet/pki"},
		"config":               {"/etc/kubernetes/kubelet.yaml"},
		"hostname-override":    {Nodename(facts)},
		"kubeconfig":           {"/etc/kubernetes/kubeconfig-kubelet"},
		"node-ip":              {facts.Hardware.Address.String()},
	}

	for name, values := range kubelet.ExtraArgs() {
		arguments[name] = values
	}

	spec := k8s.NewKubeletSpec(k8s.NamespaceName, k8s.KubeletID)
	spec.TypedSpec().Image = kubelet.Image()
	spec.TypedSpec().ExpectedNodename = Nodename(facts)
	spec.TypedSpec().Args = flags(arguments)
	spec.TypedSpec().ExtraMounts = kubelet.ExtraMounts()
	spec.TypedSpec().Config = map[string]any{
		"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
		"clusterDNS": clusterDNS(facts), "clusterDomain": facts.Config.Cluster().Network().DNSDomain(),
		"port": float64(10250), "rotateCertificates": true, "protectKernelDefaults": true,
	}

	for name, value := range kubelet.ExtraConfig() {
		spec.TypedSpec().Config[name] = value
	}

	return spec
}

func flags(arguments map[string][]string) []string {
	list := []string(nil)

	for name, values := range arguments {
		for _, value := range values {
			list = append(list, "--"+name+"="+value)
		}
	}

	slices.Sort(list)

	return list
}

func clusterDNS(facts Facts) []any {
	if configured := facts.Config.Machine().Kubelet().ClusterDNS(); len(configured) > 0 {
		return texts(configured)
	}

	addresses, err := facts.Config.Cluster().Network().DNSServiceIPs()
	if err != nil {
		return nil
	}

	list := []any(nil)
	for _, address := range addresses {
		list = append(list, address.String())
	}

	return list
}

func texts(values []string) []any {
	list := make([]any, 0, len(values))
	for _, value := range values {
		list = append(list, value)
	}

	return list
}

// StaticPods returns the static pods of a controller, as defined and as the kubelet sees them.
func StaticPods(facts Facts) ([]resource.Resource, error) {
	resources := []resource.Resource(nil)

	for _, pod := range facts.Pods {
		definition := k8s.NewStaticPod(k8s.NamespaceName, pod.Name)

		if err := convert(pod, &definition.TypedSpec().Pod); err != nil {
			return nil, err
		}

		resources = append(resources, definition)
	}

	for _, pod := range facts.PodStatuses {
		status := k8s.NewStaticPodStatus(k8s.NamespaceName, pod.Namespace+"/"+pod.Name)

		if err := convert(pod.Status, &status.TypedSpec().PodStatus); err != nil {
			return nil, err
		}

		resources = append(resources, status)
	}

	return resources, nil
}

func convert(from any, into *map[string]any) error {
	data, err := json.Marshal(from)
	if err != nil {
		return err
	}

	return json.Unmarshal(data, into)
}

func etcdResources(facts Facts) []resource.Resource {
	spec := etcd.NewSpec(etcd.NamespaceName, etcd.SpecID)
	*spec.TypedSpec() = etcd.SpecSpec{
		Name:                  Nodename(facts),
		AdvertisedAddresses:   []netip.Addr{facts.Hardware.Address},
		ListenPeerAddresses:   []netip.Addr{facts.Hardware.Address},
		ListenClientAddresses: []netip.Addr{facts.Hardware.Address},
		Image:                 facts.Config.Cluster().Etcd().Image(),
	}

	if facts.EtcdMemberID == "" {
		return []resource.Resource{spec}
	}

	member := etcd.NewMember(etcd.NamespaceName, etcd.LocalMemberID)
	member.TypedSpec().MemberID = facts.EtcdMemberID

	return []resource.Resource{spec, member}
}
