// Command pulumi-resource-command stands in, offline, for the command plugin 1.2.1.
package main

import (
	"context"
	"fmt"
	"os"

	"talos-cluster/lab/plugins/internal/command"
)

func main() {
	if err := command.New().Run(context.Background(), "command", command.Version); err != nil {
		fmt.Fprintf(os.Stderr, "Error: %s", err)
		os.Exit(1)
	}
}
