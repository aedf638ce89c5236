package api

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/api/common"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const bootIDPath = "/proc/sys/kernel/random/boot_id"

// Read implements machine.MachineServiceServer for the one file that clients read: the boot id.
func (server *Machine) Read(request *machine.ReadRequest, stream machine.MachineService_ReadServer) error {
	if request.Path != bootIDPath {
		return status.Errorf(codes.NotFound, "stat %s: no such file or directory", request.Path)
	}

	return stream.Send(&common.Data{Bytes: []byte(server.boot.ID + "\n")})
}

// List implements machine.MachineServiceServer for etcd's folder: it shows whether a controller holds etcd data.
func (server *Machine) List(request *machine.ListRequest, stream machine.MachineService_ListServer) error {
	root := path.Clean(request.Root)

	below, inside := strings.CutPrefix(root+"/", constants.EtcdDataPath+"/")
	if !inside {
		return fmt.Errorf("lstat %s: no such file or directory", root)
	}

	if !server.boot.HasEtcdVolume() {
		return fmt.Errorf("lstat %s: no such file or directory", root)
	}

	real := filepath.Join(server.boot.EtcdDataDirectory(), below)

	if err := sendFile(stream, root, ".", real); err != nil {
		return err
	}

	entries, _ := os.ReadDir(real) //nolint:errcheck // an empty folder is what a machine without etcd data shows
	for _, entry := range entries {
		if err := sendFile(stream, path.Join(root, entry.Name()), entry.Name(), filepath.Join(real, entry.Name())); err != nil {
			return err
		}
	}

	return nil
}

func sendFile(stream machine.MachineService_ListServer, name, relative, real string) error {
	information := &machine.FileInfo{Name: name, RelativeName: relative, IsDir: true, Mode: uint32(os.ModeDir | 0o700)}

	if found, err := os.Stat(real); err == nil {
		information.IsDir = found.IsDir()
		information.Mode = uint32(found.Mode())
		information.Size = found.Size()
		information.Modified = found.ModTime().Unix()
	}

	return stream.Send(information)
}
