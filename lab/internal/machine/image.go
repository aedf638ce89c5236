package machine

import "talos-cluster/lab/internal/resources"

// Image returns what the image of the machine was made from.
func (machine *Machine) Image() resources.Image {
	machine.mu.Lock()
	defer machine.mu.Unlock()

	return machine.image
}

// SetImage makes the machine one that was started from such an image, boot medium and installed system alike. A real
// machine gets there by a new boot; this one tells it at once.
func (machine *Machine) SetImage(image resources.Image) error {
	if err := image.Check(); err != nil {
		return err
	}

	machine.mu.Lock()
	machine.image = image
	machine.mu.Unlock()

	if boot := machine.Boot(); boot != nil {
		boot.notify()
	}

	return nil
}
