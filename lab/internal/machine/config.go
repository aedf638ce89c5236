package machine

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configdiff"
	"github.com/siderolabs/talos/pkg/machinery/config/container"
	"github.com/siderolabs/talos/pkg/machinery/config/types/v1alpha1"
	resource "github.com/siderolabs/talos/pkg/machinery/resources/config"
)

// Config returns the active machine config, nil when there is none.
func (boot *Boot) Config() config.Provider {
	boot.configMu.Lock()
	defer boot.configMu.Unlock()

	return boot.active
}

// InMaintenance tells whether the active config is not yet enough to boot.
func (boot *Boot) InMaintenance() bool {
	active := boot.Config()

	return active == nil || !active.CompleteForBoot()
}

// SetConfig makes a config the active one; everything that depends on it follows.
func (boot *Boot) SetConfig(ctx context.Context, provider config.Provider) error {
	boot.configMu.Lock()
	boot.active = provider

	if provider != nil && provider.CompleteForBoot() && !boot.complete {
		boot.complete = true
		close(boot.completed)
	}

	boot.configMu.Unlock()

	if err := boot.Resources.SetConfig(ctx, resource.ActiveID, provider); err != nil {
		return err
	}

	boot.configChanged()

	return nil
}

// configChanged lets everything that is made from the active config follow it.
func (boot *Boot) configChanged() {
	if boot.currentAccess().mode == accessConfigured {
		if err := boot.tryIssue(); err != nil {
			boot.Journal.Talos("controller failed: secrets.APIController: %s", err)
		}
	}

	boot.kubernetesConfigChanged()
	boot.notify()
	boot.Machine.peers.Changed()
}

// SetPersistedConfig stores a config for the next boot. Without a STATE partition it lives in memory only.
func (boot *Boot) SetPersistedConfig(ctx context.Context, provider config.Provider) error {
	boot.configMu.Lock()
	boot.persistent = provider
	boot.configMu.Unlock()

	if err := boot.Resources.SetConfig(ctx, resource.PersistentID, provider); err != nil {
		return err
	}

	return boot.savePersistent()
}

// savePersistent writes the persistent config to the STATE partition if there is one.
func (boot *Boot) savePersistent() error {
	boot.configMu.Lock()
	provider := boot.persistent
	boot.configMu.Unlock()

	if provider == nil || boot.Machine.Disk.System() == nil {
		return nil
	}

	data, err := provider.Bytes()
	if err != nil {
		return err
	}

	return boot.Machine.Disk.SaveConfig(data)
}

// RollbackAfter makes the present config active again once timeout has passed.
func (boot *Boot) RollbackAfter(timeout time.Duration) {
	previous := boot.Config()

	boot.CancelRollback()

	if previous == nil {
		return // there is nothing to go back to
	}

	boot.configMu.Lock()
	defer boot.configMu.Unlock()

	boot.rollback = time.AfterFunc(timeout, func() {
		boot.Journal.Talos("rolling back the configuration")

		if err := boot.SetConfig(boot.ctx, previous); err != nil {
			boot.Journal.Talos("config rollback failed %s", err)
		}
	})
}

// CancelRollback keeps what a try mode apply made active.
func (boot *Boot) CancelRollback() {
	boot.configMu.Lock()
	defer boot.configMu.Unlock()

	if boot.rollback != nil {
		boot.rollback.Stop()
		boot.rollback = nil
	}
}

// CanApplyImmediate returns nil when a config can become active without a reboot, else Talos's explanation.
func (boot *Boot) CanApplyImmediate(provider config.Provider) error {
	active := boot.Config()
	if active == nil {
		return errors.New("no current config")
	}

	current, wanted := active.RawV1Alpha1(), provider.RawV1Alpha1()

	switch {
	case current == nil:
		return errors.New("current config is not v1alpha1")
	case wanted == nil:
		return errors.New("new config is not v1alpha1")
	}

	wanted = wanted.DeepCopy()
	keepImmediate(wanted, current)

	if reflect.DeepEqual(current, wanted) {
		return nil
	}

	diff, err := configdiff.DiffConfigs(container.NewV1Alpha1(current), container.NewV1Alpha1(wanted))
	if err != nil {
		return fmt.Errorf("error calculating diff: %w", err)
	}

	return fmt.Errorf("this config change can't be applied in immediate mode\ndiff:\n%s", diff)
}

// immediateMachine and immediateFeatures are the fields of the v1alpha1 document that Talos 1.12 and 1.13 change without
// a reboot, beside .debug and .cluster. Every other document is immediate.
var (
	immediateMachine = []string{
		"MachineCA", "MachineAcceptedCAs", "MachineTime", "MachineCertSANs", "MachineInstall", "MachineNetwork", "MachineSysfs",
		"MachineSysctls", "MachineLogging", "MachineControlPlane", "MachineKubelet", "MachineKernel", "MachineRegistries",
		"MachinePods", "MachineSeccompProfiles", "MachineNodeAnnotations", "MachineNodeLabels", "MachineNodeTaints",
	}
	immediateFeatures = []string{
		"KubernetesTalosAPIAccessConfig", "KubePrismSupport", "HostDNSSupport", "ImageCacheSupport",
		"FeatureNodeAddressSortAlgorithm",
	}
)

// keepImmediate sets the immediate fields of wanted to those of current, so that only what needs a reboot still differs.
func keepImmediate(wanted, current *v1alpha1.Config) {
	wanted.ConfigDebug = current.ConfigDebug
	wanted.ClusterConfig = current.ClusterConfig

	if wanted.MachineConfig == nil || current.MachineConfig == nil {
		return
	}

	copyFields(wanted.MachineConfig, current.MachineConfig, immediateMachine)

	if wanted.MachineConfig.MachineFeatures != nil && current.MachineConfig.MachineFeatures != nil {
		copyFields(wanted.MachineConfig.MachineFeatures, current.MachineConfig.MachineFeatures, immediateFeatures)
	}
}

func copyFields[Struct any](to, from *Struct, names []string) {
	target, source := reflect.ValueOf(to).Elem(), reflect.ValueOf(from).Elem()
	for _, name := range names {
		target.FieldByName(name).Set(source.FieldByName(name))
	}
}
