package labtest

import (
	"errors"
	"fmt"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	machineconfig "github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
)

// Apply sends a configuration to a machine in maintenance.
func (lab *Lab) Apply(host int, data []byte) {
	lab.test.Helper()

	_, err := lab.Insecure(host).ApplyConfiguration(lab.Context(), &machine.ApplyConfigurationRequest{
		Data: data, Mode: machine.ApplyConfigurationRequest_AUTO,
	})
	Must(lab.test, err)
}

// Configure brings a machine from maintenance to its first boot from disk.
func (lab *Lab) Configure(host int, kind machineconfig.Type, name, version string, patches ...string) {
	lab.test.Helper()

	lab.Apply(host, lab.Config(kind, name, version, patches...))
	lab.Installed(host)
}

// Installed waits until a machine that was configured answers again from its disk.
func (lab *Lab) Installed(host int) {
	lab.test.Helper()

	lab.Eventually(lab.Address(host)+" installed", func() error {
		boot := lab.Machine(host).Boot()
		if boot == nil || lab.Machine(host).Boots() < 2 {
			return errors.New("not booted from disk yet")
		}

		if !boot.Services.IsUp("apid") || !boot.Services.IsUp("cri") {
			return errors.New("services are not up yet")
		}

		return nil
	})
}

// Stage waits until a machine is in a stage.
func (lab *Lab) Stage(host int, wanted runtime.MachineStage) {
	lab.test.Helper()

	lab.Eventually(fmt.Sprintf("%s in stage %s", lab.Address(host), wanted), func() error {
		boot := lab.Machine(host).Boot()
		if boot == nil {
			return errors.New("not running")
		}

		if stage := boot.Stage(); stage != wanted {
			return fmt.Errorf("stage is %s", stage)
		}

		return nil
	})
}
