package machine

import (
	"context"

	"talos-cluster/lab/internal/profile"
)

// bootMedium is the behaviour of what the machine boots while nothing is installed on its disk.
func (machine *Machine) bootMedium() profile.Profile {
	machine.mu.Lock()
	defer machine.mu.Unlock()

	return machine.options.BootVersion
}

// SetMedium puts another boot medium into the machine. One that runs from its medium boots it at once.
func (machine *Machine) SetMedium(ctx context.Context, behaviour profile.Profile) error {
	machine.mu.Lock()
	machine.options.BootVersion = behaviour
	machine.mu.Unlock()

	if machine.Disk.System() != nil || machine.Power() != PowerOn {
		return nil
	}

	if err := machine.SetPower(ctx, PowerOff); err != nil {
		return err
	}

	return machine.SetPower(ctx, PowerOn)
}
