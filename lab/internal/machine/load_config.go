package machine

import (
	"context"
	"errors"
	"fmt"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/config/types/block/blockhelpers"

	"talos-cluster/lab/internal/resources"
)

// loadConfig gets the machine config from the STATE partition, or waits for it in maintenance mode.
func (boot *Boot) loadConfig(ctx context.Context) error {
	if err := boot.configFromDisk(ctx); err != nil {
		return err
	}

	if boot.InMaintenance() {
		if err := boot.maintenance(ctx); err != nil {
			return err
		}
	}

	if err := boot.keepIdentity(); err != nil {
		return err
	}

	boot.Journal.Talos("machine config loaded successfully")

	go boot.issueCertificates()

	return nil
}

func (boot *Boot) configFromDisk(ctx context.Context) error {
	data := boot.Machine.Disk.Config()
	if data == nil {
		return nil
	}

	provider, err := boot.Profile.Decode(data)
	if err != nil {
		return fmt.Errorf("failed to load config from STATE: %w", err)
	}

	// As in Talos the persistent config is no resource until it is set again: it is what the disk holds.
	return boot.SetConfig(ctx, provider)
}

func (boot *Boot) maintenance(ctx context.Context) error {
	identity, err := maintenanceIdentity(boot.Hostname(), boot.Machine.Hardware())
	if err != nil {
		return err
	}

	boot.Journal.Talos("entering maintenance service")
	boot.Events.Publish(ctx, &machine.TaskEvent{Task: maintenanceTask, Action: machine.TaskEvent_START})

	served := make(chan struct{})
	serving, stop := context.WithCancel(ctx)

	boot.setAccess(access{mode: accessMaintenance, identity: identity})

	if boot.Profile.MaintenanceOverAPID() {
		close(served)
	} else {
		go func() {
			defer close(served)
			boot.serveMaintenance(serving)
		}()
	}

	select {
	case <-ctx.Done():
		err = ctx.Err()
	case <-boot.completed:
	}

	stop()
	<-served
	boot.setAccess(access{})
	boot.Events.Publish(ctx, &machine.TaskEvent{Task: maintenanceTask, Action: machine.TaskEvent_STOP})
	boot.Journal.Talos("leaving maintenance service")

	return err
}

// keepIdentity gives the machine its lasting node identity once it has a STATE partition.
func (boot *Boot) keepIdentity() error {
	if boot.Machine.Disk.System() == nil || boot.Machine.Disk.Identity() != "" {
		return nil
	}

	return boot.Machine.Disk.SaveIdentity(boot.nodeID)
}

// installToDisk pulls the installer image and writes the system it names to the disk.
func (boot *Boot) installToDisk(ctx context.Context) error {
	install := boot.Config().Machine().Install()

	device, err := boot.installDevice(ctx)
	if err != nil {
		return err
	}

	boot.Journal.Talos("installing Talos to disk %s", device)

	if err := boot.installFrom(ctx, install.Image(), device); err != nil {
		return err
	}

	boot.Journal.Talos("install successful")
	boot.notify()

	return errors.Join(boot.savePersistent(), boot.keepIdentity())
}

func (boot *Boot) installDevice(ctx context.Context) (string, error) {
	expression, err := boot.Config().Machine().Install().DiskMatchExpression()
	if err != nil {
		return "", fmt.Errorf("failed to get disk match expression: %w", err)
	}

	if expression != nil {
		matched, err := blockhelpers.MatchDisks(ctx, boot.Resources, expression)
		if err != nil {
			return "", err
		}

		if len(matched) == 0 {
			return "", fmt.Errorf("no disks matched the expression: %s", expression)
		}

		return matched[0].TypedSpec().DevPath, nil
	}

	wanted := boot.Config().Machine().Install().Disk()
	if wanted != "/dev/"+resources.SystemDevice {
		return "", fmt.Errorf("lstat %s: no such file or directory", wanted)
	}

	return wanted, nil
}
