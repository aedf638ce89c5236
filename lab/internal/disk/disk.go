// Package disk is what survives a reboot of a machine: its disk.
package disk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Disk is the system disk of one machine.
type Disk struct {
	mu        sync.Mutex
	directory string
	system    *System
	config    []byte
	identity  string
}

const (
	metaFile     = "meta.json"
	configFile   = "config.yaml"
	identityFile = "node-identity"
	ephemeral    = "ephemeral"
)

// Open reads the disk kept in directory, an empty one when there is nothing.
func Open(directory string) (*Disk, error) {
	disk := &Disk{directory: directory}

	if err := os.MkdirAll(filepath.Join(directory, ephemeral), 0o700); err != nil {
		return nil, err
	}

	meta, err := disk.read(metaFile)
	if err != nil {
		return nil, err
	}

	if meta != nil {
		if err := json.Unmarshal(meta, &disk.system); err != nil {
			return nil, fmt.Errorf("%s: not readable: %w. Remove the lab's directory", filepath.Join(directory, metaFile), err)
		}
	}

	if disk.config, err = disk.read(configFile); err != nil {
		return nil, err
	}

	identity, err := disk.read(identityFile)
	disk.identity = string(identity)

	return disk, err
}

func (disk *Disk) read(name string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(disk.directory, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}

	return data, err
}

func (disk *Disk) write(name string, data []byte) error {
	path := filepath.Join(disk.directory, name)

	if err := os.WriteFile(path+".tmp", data, 0o600); err != nil {
		return err
	}

	return os.Rename(path+".tmp", path)
}

// System returns what is installed, nil when nothing is.
func (disk *Disk) System() *System {
	disk.mu.Lock()
	defer disk.mu.Unlock()

	return disk.system
}

// Install writes the boot and META partitions.
func (disk *Disk) Install(system System) error {
	return disk.change(func(installed *System) { *installed = system })
}

// Config returns the machine config of the STATE partition, nil when there is none.
func (disk *Disk) Config() []byte {
	disk.mu.Lock()
	defer disk.mu.Unlock()

	return disk.config
}

// SaveConfig writes the machine config to the STATE partition.
func (disk *Disk) SaveConfig(config []byte) error {
	disk.mu.Lock()
	defer disk.mu.Unlock()

	if err := disk.write(configFile, config); err != nil {
		return err
	}

	disk.config = config

	return nil
}

// Identity returns the node identity of the STATE partition, "" when there is none.
func (disk *Disk) Identity() string {
	disk.mu.Lock()
	defer disk.mu.Unlock()

	return disk.identity
}

// SaveIdentity writes the node identity to the STATE partition.
func (disk *Disk) SaveIdentity(identity string) error {
	disk.mu.Lock()
	defer disk.mu.Unlock()

	if err := disk.write(identityFile, []byte(identity)); err != nil {
		return err
	}

	disk.identity = identity

	return nil
}

// Ephemeral is the directory of the EPHEMERAL partition (/var).
func (disk *Disk) Ephemeral() string {
	disk.mu.Lock()
	defer disk.mu.Unlock()

	return disk.ephemeral()
}

func (disk *Disk) ephemeral() string {
	return filepath.Join(disk.directory, ephemeral)
}

// Wipe empties the whole disk.
func (disk *Disk) Wipe() error {
	disk.mu.Lock()
	defer disk.mu.Unlock()

	if err := os.RemoveAll(disk.directory); err != nil {
		return err
	}

	disk.system, disk.config, disk.identity = nil, nil, ""

	return os.MkdirAll(disk.ephemeral(), 0o700)
}
