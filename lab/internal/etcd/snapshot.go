package etcd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/etcdutl/v3/snapshot"
	"go.uber.org/zap"
)

// snapshotFile is where an uploaded snapshot waits for the bootstrap, beside the data directory as on Talos.
const snapshotFile = "etcd.snapshot"

// Snapshot writes this member's database as etcd streams it: with the digest that etcd's tools check at its end.
func (member *Member) Snapshot(ctx context.Context, to io.Writer) error {
	_, err := ask(ctx, member, func(client *clientv3.Client) (int64, error) {
		reader, err := client.Snapshot(ctx)
		if err != nil {
			return 0, fmt.Errorf("failed reading etcd snapshot: %w", err)
		}
		defer reader.Close() //nolint:errcheck // it was only read

		return io.Copy(to, reader)
	})

	return err
}

// Upload keeps a snapshot for Recover. One that breaks off leaves none.
func (member *Member) Upload(from io.Reader) error {
	path := member.snapshotPath()

	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("error creating etcd recovery snapshot: %w", err)
	}

	_, err = io.Copy(file, from)
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(fmt.Errorf("error writing snapshot: %w", err), os.Remove(path))
	}

	return nil
}

// Recover makes a new cluster of this member alone out of the uploaded snapshot; Start runs it.
func (member *Member) Recover(ctx context.Context, node Node, skipHashCheck bool) error {
	return member.exclusively(ctx, func() error {
		if member.Running() || member.HasData() {
			return ErrDataDirectoryNotEmpty
		}

		manager := snapshot.NewV3(zap.NewNop())

		status, err := manager.Status(member.snapshotPath())
		if err != nil {
			return fmt.Errorf("error verifying snapshot: %w", err)
		}

		member.log("recovering etcd from snapshot: hash %08x, revision %d, total keys %d, total size %d",
			status.Hash, status.Revision, status.TotalKey, status.TotalSize)

		err = manager.Restore(snapshot.RestoreConfig{
			SnapshotPath:   member.snapshotPath(),
			Name:           node.Hostname,
			OutputDataDir:  member.dataDirectory(),
			PeerURLs:       []string{peerURL(member.options.Address)},
			InitialCluster: member.peer(node.Hostname),
			SkipHashCheck:  skipHashCheck,
		})
		if err != nil {
			return fmt.Errorf("error recovering from the snapshot: %w", err)
		}

		if err := os.Remove(member.snapshotPath()); err != nil {
			return fmt.Errorf("error deleting snapshot: %w", err)
		}

		return nil
	})
}

func (member *Member) snapshotPath() string {
	return filepath.Join(member.options.Directory, snapshotFile)
}
