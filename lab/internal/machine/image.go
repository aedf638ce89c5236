package machine

import (
	"talos-cluster/lab/internal/disk"
	"talos-cluster/lab/internal/resources"
)

// Image returns what the image of the machine was made from.
func (machine *Machine) Image() resources.Image {
	if boot := machine.Boot(); boot != nil {
		return boot.image()
	}

	image := machine.mediumImage()
	if installed := machine.Disk.System(); installed != nil {
		image.Extensions = installed.Extensions
	}

	return image
}

// SetImage makes the machine one that was started from such an image, boot medium and installed system alike. A real
// machine gets there by a new boot; this one tells it at once. Later upgrades take the extensions with them, unless
// their image is known to have none.
func (machine *Machine) SetImage(image resources.Image) error {
	if err := image.Check(); err != nil {
		return err
	}

	machine.mu.Lock()
	machine.image = image
	machine.mu.Unlock()

	if err := machine.Disk.SetExtensions(image.Extensions); err != nil {
		return err
	}

	if boot := machine.Boot(); boot != nil {
		boot.setExtensions(image.Extensions)
		boot.notify()
	}

	return nil
}

func (machine *Machine) mediumImage() resources.Image {
	machine.mu.Lock()
	defer machine.mu.Unlock()

	return machine.image
}

// slot is what the machine would boot from its disk, nil when nothing is installed.
func (machine *Machine) slot() *disk.Slot {
	installed := machine.Disk.System()
	if installed == nil {
		return nil
	}

	slot := installed.Slot

	return &slot
}

// running is the system this boot runs, nil for the boot medium.
func (boot *Boot) running() *disk.Slot {
	boot.factsMu.Lock()
	defer boot.factsMu.Unlock()

	if boot.slot == nil {
		return nil
	}

	slot := *boot.slot

	return &slot
}

// image is what the running system was made from.
func (boot *Boot) image() resources.Image {
	image := boot.Machine.mediumImage()
	if running := boot.running(); running != nil {
		image.Extensions = running.Extensions
	}

	return image
}

func (boot *Boot) schematic() string {
	if running := boot.running(); running != nil {
		return running.Schematic
	}

	return ""
}

func (boot *Boot) setExtensions(extensions []resources.Extension) {
	boot.factsMu.Lock()
	defer boot.factsMu.Unlock()

	if boot.slot != nil {
		slot := *boot.slot
		slot.Extensions = extensions
		boot.slot = &slot
	}
}
