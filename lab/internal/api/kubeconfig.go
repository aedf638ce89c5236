package api

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"time"

	"github.com/siderolabs/talos/pkg/kubeconfig"
	"github.com/siderolabs/talos/pkg/machinery/api/common"
	"github.com/siderolabs/talos/pkg/machinery/api/machine"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Kubeconfig implements machine.MachineServiceServer: an admin certificate of the cluster's authority, as a .tar.gz.
func (server *Machine) Kubeconfig(_ *emptypb.Empty, stream machine.MachineService_KubeconfigServer) error {
	if err := controlPlaneOnly(server.boot, "kubeconfig"); err != nil {
		return err
	}

	var contents bytes.Buffer

	if err := kubeconfig.GenerateAdmin(server.boot.Config().Cluster(), &contents); err != nil {
		return err
	}

	archive, err := tarball("kubeconfig", contents.Bytes())
	if err != nil {
		return err
	}

	return stream.Send(&common.Data{Bytes: archive})
}

func tarball(name string, contents []byte) ([]byte, error) {
	var archive bytes.Buffer

	compressed := gzip.NewWriter(&archive)
	writer := tar.NewWriter(compressed)

	header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(contents)), ModTime: time.Now(), Mode: 0o600}
	if err := writer.WriteHeader(header); err != nil {
		return nil, err
	}

	if _, err := writer.Write(contents); err != nil {
		return nil, err
	}

	if err := writer.Close(); err != nil {
		return nil, err
	}

	if err := compressed.Close(); err != nil {
		return nil, err
	}

	return archive.Bytes(), nil
}
