package disk

// Exchange turns the disk into the one kept in another directory, as when a person puts another drive into the machine.
func (disk *Disk) Exchange(directory string) error {
	other, err := Open(directory)
	if err != nil {
		return err
	}

	disk.mu.Lock()
	defer disk.mu.Unlock()

	disk.directory, disk.system, disk.config, disk.identity = other.directory, other.system, other.config, other.identity

	return nil
}
