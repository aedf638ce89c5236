package process

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
)

// OwnsConnection tells whether a process is at the near end of a TCP connection between two IPv4 addresses of this computer.
func OwnsConnection(pid int, near, far netip.AddrPort) bool {
	inode := socketOf(near, far)
	if pid == 0 || inode == "" {
		return false
	}

	directory := fmt.Sprintf("/proc/%d/fd", pid)

	entries, err := os.ReadDir(directory)
	if err != nil {
		return false
	}

	for _, entry := range entries {
		if target, err := os.Readlink(filepath.Join(directory, entry.Name())); err == nil && target == "socket:["+inode+"]" {
			return true
		}
	}

	return false
}

// Columns of /proc/net/tcp.
const (
	nearColumn  = 1
	farColumn   = 2
	inodeColumn = 9
)

// socketOf is the inode of the socket at the near end of a connection, "" when there is none.
func socketOf(near, far netip.AddrPort) string {
	table, err := os.Open("/proc/net/tcp")
	if err != nil {
		return ""
	}
	defer table.Close() //nolint:errcheck

	wantedNear, wantedFar := kernelText(near), kernelText(far)

	for lines := bufio.NewScanner(table); lines.Scan(); {
		columns := strings.Fields(lines.Text())
		if len(columns) > inodeColumn && columns[nearColumn] == wantedNear && columns[farColumn] == wantedFar {
			return columns[inodeColumn]
		}
	}

	return ""
}

// kernelText is an address as /proc/net/tcp writes it: the four bytes as a number of this computer's byte order.
func kernelText(address netip.AddrPort) string {
	bytes := address.Addr().Unmap().As4()

	return fmt.Sprintf("%08X:%04X", binary.NativeEndian.Uint32(bytes[:]), address.Port())
}
