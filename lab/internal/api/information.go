package api

import (
	"context"
	"runtime"

	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/version"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Version implements machine.MachineServiceServer.
func (server *Machine) Version(context.Context, *emptypb.Empty) (*machine.VersionResponse, error) {
	reply := &machine.Version{
		Version: &machine.VersionInfo{
			Tag:       server.boot.Profile.Tag,
			Sha:       version.SHA,
			GoVersion: runtime.Version(),
			Os:        runtime.GOOS,
			Arch:      runtime.GOARCH,
		},
		Platform: &machine.PlatformInfo{Name: "metal", Mode: "metal"},
	}

	if config := server.boot.Config(); config != nil && config.Machine() != nil {
		reply.Features = &machine.FeaturesInfo{Rbac: true}
	}

	return &machine.VersionResponse{Messages: []*machine.Version{reply}}, nil
}

// Hostname implements machine.MachineServiceServer.
func (server *Machine) Hostname(context.Context, *emptypb.Empty) (*machine.HostnameResponse, error) {
	return &machine.HostnameResponse{
		Messages: []*machine.Hostname{{Hostname: server.boot.Hostname()}},
	}, nil
}

// Memory implements machine.MachineServiceServer; the figures are those of an idle machine of the emulated size.
func (server *Machine) Memory(context.Context, *emptypb.Empty) (*machine.MemoryResponse, error) {
	const kibibytes = 1024

	total := uint64(server.boot.Machine.Hardware().MemoryMiB) * kibibytes
	used := total / 4

	return &machine.MemoryResponse{
		Messages: []*machine.Memory{{
			Meminfo: &machine.MemInfo{
				Memtotal:     total,
				Memfree:      total - 2*used,
				Memavailable: total - used,
				Buffers:      used / 64,
				Cached:       used,
				Active:       used / 2,
				Inactive:     used / 2,
				Slab:         used / 16,
				Hugepagesize: 2 * kibibytes,
			},
		}},
	}, nil
}
