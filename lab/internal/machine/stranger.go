package machine

import (
	"context"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"talos-cluster/lab/internal/resources"
)

// Disks a machine's address may answer with: its own, or that of a stranger.
const (
	ownDirectory      = "disk"
	strangerDirectory = "stranger"
)

// exchange puts another machine, with the disk kept in a directory, at the machine's address and switches it on. The one
// that was there lies on a shelf meanwhile, as it was when its power was cut.
func (machine *Machine) exchange(ctx context.Context, directory string) error {
	machine.powerMu.Lock()
	defer machine.powerMu.Unlock()

	machine.cut()

	path := filepath.Join(machine.options.Directory, directory)

	if directory == strangerDirectory {
		// The stranger of another night may have been configured: this one was not.
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}

	if err := machine.Disk.Exchange(path); err != nil {
		return err
	}

	machine.become(directory)
	machine.supply(ctx, PowerOn)

	return nil
}

// become changes what tells two machines apart beside their disks.
func (machine *Machine) become(directory string) {
	built := hardwareAt(machine.options.Address)

	machine.mu.Lock()
	defer machine.mu.Unlock()

	if directory == strangerDirectory {
		built.HardwareAddr[1] = strangerVendor
		built.Serial = "STR" + built.Serial[len("LAB"):]
		built.UUID = uuid.NewSHA1(uuid.NameSpaceDNS, []byte("talos-cluster.lab/stranger/"+machine.options.Address.String())).String()
		machine.shelved, machine.image = machine.image, resources.Image{}
	} else {
		machine.image = machine.shelved
	}

	// Field by field: the address never changes, and is read without a lock.
	machine.hardware.HardwareAddr, machine.hardware.Serial, machine.hardware.UUID = built.HardwareAddr, built.Serial, built.UUID
}

const strangerVendor = 0x55
