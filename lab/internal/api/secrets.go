package api

import (
	"bytes"

	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
)

// holdsSecrets tells whether a config that was sent has a secret in it. What cannot be read is not known to have none.
func holdsSecrets(data []byte) bool {
	provider, err := configloader.NewFromBytes(data)
	if err != nil {
		return len(data) > 0
	}

	whole, err := provider.Bytes()
	if err != nil {
		return true
	}

	redacted, err := provider.RedactSecrets("").Bytes()

	return err != nil || !bytes.Equal(whole, redacted)
}
