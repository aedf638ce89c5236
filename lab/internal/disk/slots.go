package disk

import "encoding/json"

// Extension is a system extension under the name its author gave it, which need not be the one of the image factory.
type Extension struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Slot is one of the two places on the disk that hold a system to boot.
type Slot struct {
	// Version is the Talos version that boots from here, "v1.13.0".
	Version string `json:"version"`
	// Image is the installer image it came from.
	Image string `json:"image"`
	// Schematic is the image factory's id in the image's name, "" for an image that is not the factory's.
	Schematic string `json:"schematic,omitempty"`
	// Extensions are in the system image, as far as anybody told the lab.
	Extensions []Extension `json:"extensions,omitempty"`
}

// System is what the META and boot partitions say.
type System struct {
	// Slot is what the machine boots next.
	Slot

	// Other is what it can fall back to, nil before the first upgrade.
	Other *Slot `json:"other,omitempty"`
	// Unconfirmed is META's upgrade tag: nobody has seen the machine ready since its last upgrade, so that a boot that
	// fails goes back to the other slot.
	Unconfirmed bool `json:"unconfirmed,omitempty"`
	// Staged is the installer image that the next boot installs, "" for none.
	Staged string `json:"staged,omitempty"`
	// Device is the disk it was installed to, "/dev/sda".
	Device string `json:"device"`
}

// Upgrade writes a system beside the running one, which stays to fall back to. What an upgrade before wrote and nobody
// booted is gone.
func (disk *Disk) Upgrade(next, running Slot) error {
	return disk.change(func(system *System) {
		system.Slot, system.Other, system.Unconfirmed = next, &running, true
	})
}

// Confirm drops META's upgrade tag: the machine was seen ready.
func (disk *Disk) Confirm() error {
	if system := disk.System(); system == nil || !system.Unconfirmed {
		return nil
	}

	return disk.change(func(system *System) { system.Unconfirmed = false })
}

// Revert makes the other slot the one to boot when the last upgrade was never confirmed, and tells whether it was so.
func (disk *Disk) Revert() (bool, error) {
	system := disk.System()
	if system == nil || !system.Unconfirmed || system.Other == nil {
		return false, nil
	}

	return true, disk.change(func(system *System) {
		failed := system.Slot
		system.Slot, system.Other, system.Unconfirmed = *system.Other, &failed, false
	})
}

// Stage notes the installer image that the next boot installs.
func (disk *Disk) Stage(image string) error {
	return disk.change(func(system *System) { system.Staged = image })
}

// TakeStaged returns the image noted by Stage, "" when there is none, and forgets it: what fails is not tried for ever.
func (disk *Disk) TakeStaged() (string, error) {
	system := disk.System()
	if system == nil || system.Staged == "" {
		return "", nil
	}

	return system.Staged, disk.change(func(system *System) { system.Staged = "" })
}

// SetExtensions says what is in the system image of the slot to boot. On an empty disk it does nothing.
func (disk *Disk) SetExtensions(extensions []Extension) error {
	if disk.System() == nil {
		return nil
	}

	return disk.change(func(system *System) { system.Extensions = extensions })
}

// change writes META anew. Who got the system before keeps what he got.
func (disk *Disk) change(update func(*System)) error {
	disk.mu.Lock()
	defer disk.mu.Unlock()

	system := System{}
	if disk.system != nil {
		system = *disk.system
	}

	update(&system)

	data, err := json.MarshalIndent(system, "", "  ")
	if err != nil {
		return err
	}

	if err := disk.write(metaFile, data); err != nil {
		return err
	}

	disk.system = &system

	return nil
}
