package api_test

import (
	"testing"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"

	"talos-cluster/lab/internal/labtest"
)

// TestImmediateOrReboot goes through the fields of the rule, one patch a field.
func TestImmediateOrReboot(test *testing.T) {
	lab := labtest.Start(test, 207, "v1.13.0", 11)
	lab.Configure(11, machineconfig.TypeControlPlane, "controller-1", "v1.13.0")
	admin := lab.Admin(11)

	for patch, wanted := range map[string]machine.ApplyConfigurationRequest_Mode{
		"debug: true":                                  noReboot,
		"cluster: {clusterName: other}":                noReboot,
		"cluster: {proxy: {disabled: true}}":           noReboot,
		"cluster: {network: {cni: {name: none}}}":      noReboot,
		"machine: {certSANs: [a.example]}":             noReboot,
		"machine: {install: {image: 'i:v1.13.1'}}":     noReboot,
		"machine: {network: {nameservers: [9.9.9.9]}}": noReboot,
		"machine: {time: {servers: [t.example]}}":      noReboot,
		"machine: {sysctls: {kernel.panic: '5'}}":      noReboot,
		"machine: {sysfs: {a.b: c}}":                   noReboot,
		"machine: {logging: {destinations: [{endpoint: 'tcp://10.0.0.1:1', format: json_lines}]}}":                                        noReboot,
		"machine: {controlPlane: {scheduler: {disabled: true}}}":                                                                          noReboot,
		"machine: {kubelet: {extraArgs: {v: '4'}}}":                                                                                       noReboot,
		"machine: {kernel: {modules: [{name: nbd}]}}":                                                                                     noReboot,
		"machine: {registries: {mirrors: {docker.io: {endpoints: ['https://m.example']}}}}":                                               noReboot,
		"machine: {pods: [{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}]}":                  noReboot,
		"machine: {seccompProfiles: [{name: a.json, value: {}}]}":                                                                         noReboot,
		"machine: {nodeAnnotations: {a: b}}":                                                                                              noReboot,
		"machine: {nodeLabels: {a: b}}":                                                                                                   noReboot,
		"machine: {nodeTaints: {a: 'b:NoSchedule'}}":                                                                                      noReboot,
		"machine: {features: {kubePrism: {enabled: true, port: 7446}}}":                                                                   noReboot,
		"machine: {features: {hostDNS: {enabled: true, resolveMemberNames: true}}}":                                                       noReboot,
		"machine: {features: {imageCache: {localEnabled: true}}}":                                                                         noReboot,
		"machine: {features: {nodeAddressSortAlgorithm: v2}}":                                                                             noReboot,
		"machine: {features: {kubernetesTalosAPIAccess: {enabled: true, allowedRoles: ['os:reader'], allowedKubernetesNamespaces: [a]}}}": noReboot,
		"{apiVersion: v1alpha1, kind: KmsgLogConfig, name: k, url: 'tcp://10.0.0.1:1'}":                                                   noReboot,
		"{apiVersion: v1alpha1, kind: HostnameConfig, hostname: other}":                                                                   noReboot,

		"machine: {env: {A: b}}": reboot,
		"machine: {files: [{content: x, path: /var/x, permissions: 0o600, op: create}]}":                 reboot,
		"machine: {udev: {rules: ['SUBSYSTEM==\"drm\"']}}":                                               reboot,
		"machine: {token: abcdef.0123456789abcdef}":                                                      reboot,
		"machine: {baseRuntimeSpecOverrides: {process: {rlimits: []}}}":                                  reboot,
		"machine: {features: {diskQuotaSupport: false}}":                                                 reboot,
		"machine: {disks: [{device: /dev/sdb, partitions: [{mountpoint: /var/x}]}]}":                     reboot,
		"machine: {systemDiskEncryption: {ephemeral: {provider: luks2, keys: [{slot: 0, nodeID: {}}]}}}": reboot,
	} {
		answer, err := apply(test, lab, admin, &request{
			Data: lab.Config(machineconfig.TypeControlPlane, "controller-1", "v1.13.0", patch), Mode: auto, DryRun: true,
		})

		switch {
		case err != nil:
			test.Errorf("%s: %v", patch, err)
		case answer.Mode != wanted:
			test.Errorf("%s: %s, want %s", patch, answer.Mode, wanted)
		}
	}
}
