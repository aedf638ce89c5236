package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/siderolabs/talos/pkg/machinery/constants"
)

// WipePartition empties one partition by its label. A disk without META counts as one that Talos is not installed to.
func (disk *Disk) WipePartition(label string) error {
	switch label {
	case constants.StatePartitionLabel:
		return disk.wipeState()
	case constants.EphemeralPartitionLabel:
		return errors.Join(os.RemoveAll(disk.Ephemeral()), os.MkdirAll(disk.Ephemeral(), 0o700))
	case constants.MetaPartitionLabel:
		return disk.Wipe()
	default:
		return fmt.Errorf("%q: no such partition", label)
	}
}

func (disk *Disk) wipeState() error {
	disk.mu.Lock()
	defer disk.mu.Unlock()

	for _, name := range []string{configFile, identityFile} {
		if err := os.Remove(filepath.Join(disk.directory, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}

	disk.config, disk.identity = nil, ""

	return nil
}
