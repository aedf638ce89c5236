package resources

import (
	"fmt"
	"net"

	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/dustin/go-humanize"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"github.com/siderolabs/talos/pkg/machinery/resources/block"
	"github.com/siderolabs/talos/pkg/machinery/resources/hardware"
	"github.com/siderolabs/talos/pkg/machinery/resources/runtime"
)

// SystemDevice is the disk every machine has.
const SystemDevice = "sda"

const (
	metaBytes  = 1 << 20
	efiBytes   = 2200 << 20
	stateBytes = 100 << 20
)

func hardwareResources(facts Facts) []resource.Resource {
	information := hardware.NewSystemInformation(hardware.SystemInformationID)
	*information.TypedSpec() = hardware.SystemInformationSpec{
		Manufacturer: "talos-cluster",
		ProductName:  "lab machine",
		SerialNumber: facts.Hardware.Serial,
		UUID:         facts.Hardware.UUID,
		WakeUpType:   "Power Switch",
	}

	processor := hardware.NewProcessorInfo("CPU-0")
	*processor.TypedSpec() = hardware.ProcessorSpec{
		Socket: "CPU 0", Manufacturer: "talos-cluster", ProductName: "lab processor", MaxSpeed: 2000, BootSpeed: 2000,
		Status: 65, CoreCount: 2, CoreEnabled: 2, ThreadCount: 2,
	}

	memory := hardware.NewMemoryModuleInfo("DIMM-0")
	*memory.TypedSpec() = hardware.MemoryModuleSpec{Size: facts.Hardware.MemoryMiB, DeviceLocator: "DIMM 0", Manufacturer: "talos-cluster"}

	return []resource.Resource{information, processor, memory}
}

func blockResources(facts Facts) []resource.Resource {
	loop := block.NewDisk(block.NamespaceName, "loop0")
	*loop.TypedSpec() = block.DiskSpec{
		DevPath: "/dev/loop0", Size: 75 << 20, PrettySize: humanize.Bytes(75 << 20), IOSize: 512, SectorSize: 512,
		Readonly: true, BusPath: "/virtual", SubSystem: "/sys/class/block",
	}

	system := block.NewDisk(block.NamespaceName, SystemDevice)
	*system.TypedSpec() = block.DiskSpec{
		DevPath: "/dev/" + SystemDevice, Size: facts.Hardware.DiskBytes, PrettySize: humanize.Bytes(facts.Hardware.DiskBytes),
		IOSize: 512, SectorSize: 512, Model: "LAB HARDDISK", Serial: facts.Hardware.Serial,
		Modalias: "scsi:t-0x00", WWID: "t10.LAB     " + facts.Hardware.Serial, Transport: "sata", Rotational: false,
		BusPath:   "/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/",
		SubSystem: "/sys/class/block",
		Symlinks:  []string{"/dev/disk/by-id/ata-LAB_HARDDISK_" + facts.Hardware.Serial},
	}

	return append([]resource.Resource{loop, system}, installedResources(facts)...)
}

func installedResources(facts Facts) []resource.Resource {
	meta, state := volume(constants.MetaPartitionLabel), volume(constants.StatePartitionLabel)
	resources := []resource.Resource{meta, state}

	if facts.Installed == nil {
		meta.TypedSpec().Phase = block.VolumePhaseMissing
		state.TypedSpec().Phase = block.VolumePhaseMissing

		return resources
	}

	disk := block.NewSystemDisk(block.NamespaceName, block.SystemDiskID)
	disk.TypedSpec().DiskID = SystemDevice
	disk.TypedSpec().DevPath = "/dev/" + SystemDevice

	ephemeral := volume(constants.EphemeralPartitionLabel)

	locate(meta, facts, 3, metaBytes, block.FilesystemTypeNone)
	locate(state, facts, 4, stateBytes, block.FilesystemTypeXFS)
	locate(ephemeral, facts, 5, facts.Hardware.DiskBytes-efiBytes-metaBytes-stateBytes, block.FilesystemTypeXFS)

	resources = append(resources, disk)

	if facts.Complete() {
		resources = append(resources, ephemeral)
	}

	if facts.Mounted {
		resources = append(resources, mounted(state, "/system/state"), mounted(ephemeral, "/var"))
	}

	return resources
}

func volume(label string) *block.VolumeStatus {
	status := block.NewVolumeStatus(block.NamespaceName, label)
	status.TypedSpec().Type = block.VolumeTypePartition
	status.Metadata().Labels().Set("talos.dev/system-volume", "")

	return status
}

func locate(status *block.VolumeStatus, facts Facts, index int, size uint64, filesystem block.FilesystemType) {
	spec := status.TypedSpec()
	spec.Phase = block.VolumePhaseReady
	spec.Location = fmt.Sprintf("/dev/%s%d", SystemDevice, index)
	spec.MountLocation = spec.Location
	spec.ParentLocation = "/dev/" + SystemDevice
	spec.PartitionIndex = index
	spec.Size = size
	spec.PrettySize = humanize.Bytes(size)
	spec.Filesystem = filesystem
	spec.UUID = fmt.Sprintf("%s-%d", facts.Hardware.UUID, index)
}

func mounted(status *block.VolumeStatus, target string) resource.Resource {
	mount := runtime.NewMountStatus(runtime.NamespaceName, status.Metadata().ID())
	*mount.TypedSpec() = runtime.MountStatusSpec{
		Source: status.TypedSpec().MountLocation, Target: target, FilesystemType: "xfs", Options: []string{},
	}

	return mount
}

func hardwareAddr(facts Facts) net.HardwareAddr {
	return net.HardwareAddr(facts.Hardware.HardwareAddr[:])
}
